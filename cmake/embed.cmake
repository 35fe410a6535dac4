# Writes OUTPUT: a C++ source that defines the text of INPUT as awl::embedded::SYMBOL.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include <string_view>\nnamespace awl::embedded {\nextern const std::string_view ${SYMBOL};\nconst std::string_view ${SYMBOL} = R\"awl_text(${text})awl_text\";\n}\n")

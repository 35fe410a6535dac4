// The complete JSON type, for headers whose structs hold a Value. Everything else gets by with json/json.h.
#pragma once

#include <nlohmann/json.hpp>

#include "json/json.h"

// Writes down what happens in a session, as it happens.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "protocol/event.h"
#include "session/transcript_file.h"

namespace awl::session {

/// What every record says of the session.
struct RecorderOptions {
  os::Path file;
  std::string session_id;
  std::string cwd;
  std::string version;
  std::string entry_point;
  std::string git_branch;
  std::string last_uuid;             ///< of a resumed session: what the next record follows; empty: nothing
  std::string agent_id = {};         ///< of a subagent, whose file this is; empty: the session's own
  std::string name;                  ///< of the session, when it gets one now
  std::string permission_mode = {};  ///< that the run begins in
  std::string agent = {};            ///< the kind of agent that the session is; empty: none
  /// Who the calls to the model are made as, for `awl sessions trace`; no secret.
  std::string principal = {};
  std::string workspace = {};
};

/// A message that stays behind a summary, {"role":…,"content":[…]}.
struct KeptMessage {
  bool from_user = false;
  std::string bytes;
};

/// A transcript's records are what is needed to go on with the conversation, byte for byte: what was sent is
/// recorded apart from what the person wrote where the two differ. The file is made with the first message.
class Recorder {
 public:
  /// `on_problem` is told once, in a sentence, that nothing can be written any more; the session goes on
  /// without.
  Recorder(RecorderOptions options, Clock clock, std::function<void(std::string)> on_problem);

  /// Messages, blocks of answers and tool results; everything else is no part of a transcript.
  void on_event(const protocol::Event& event);
  /// The blocks that the person's last message went out as, when they are not those that it was written as.
  void on_sent(const std::vector<std::string>& blocks);
  /// A message that the product, not the person, put into the conversation.
  void on_added(const std::vector<std::string>& blocks);
  /// Blocks that went out behind the results of tools, in the same message.
  void on_added_to_results(const std::vector<std::string>& blocks);
  /// A summary stands in the place of all but the kept messages; `blocks` is the message that holds it.
  void on_compacted(const protocol::CompactionEnded& ended, const std::vector<std::string>& blocks,
                    const std::vector<KeptMessage>& kept);
  /// The session has another name from now on.
  void on_renamed(const std::string& title);
  /// The last message of the person, or an answer, is no part of the conversation any more.
  void on_message_forgotten();
  void on_answer_forgotten(const std::string& message_id);

 private:
  void record(const std::string& type, const std::string& fields);
  std::string common(const std::string& uuid) const;
  void write(const std::string& line);
  void write_call(const protocol::CallEnded& call);
  void write_state();
  void note_call(const std::string& block_json);
  void note_result(const protocol::ToolFinished& result);
  bool ready();

  RecorderOptions options_;
  Clock clock_;
  std::function<void(std::string)> on_problem_;
  std::unique_ptr<TranscriptFile> file_;
  bool failed_ = false;
  std::string last_uuid_;
  std::string message_uuid_;                  // of the person's last message
  std::vector<std::string> message_blocks_;   // as it was written
  std::string prompt_;                        // its text
  std::string request_call_;                  // that makes a pull request; empty: none runs
  std::string request_record_;                // of the one that the session made
  std::map<std::string, std::string> calls_;  // tool call → uuid of the record that holds it
};

}  // namespace awl::session

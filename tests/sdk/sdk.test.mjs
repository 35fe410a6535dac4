// The built awl under the official TypeScript Agent SDK, with the emulator as the platform.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, test as nodeTest } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createSdkMcpServer, forkSession, getSessionInfo, getSessionMessages, listSessions, query, renameSession, tagSession, tool }
  from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";

const KEY = "made-up-api-key";
const WORKSPACE = "wrkspc_01SDKTESTS";
const LIMIT_MS = 60_000;

const root = realpathSync(mkdtempSync(join(tmpdir(), "awl-sdk-")));
const home = join(root, "home");
mkdirSync(home);
// The SDK's session functions read the home of this process.
process.env.HOME = home;
delete process.env.CLAUDE_CONFIG_DIR;

let folder, emulator, url, record, open;

async function until(condition, what) {
  const deadline = Date.now() + LIMIT_MS / 2;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await pause(10);
  }
}

// Processes that work in a folder: awl, and what it started.
function processesIn(where) {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === where;
    } catch {
      return false;
    }
  });
}

// The model's answers within a turn, one a request; `rules` go before them.
async function platform(contents, rules = []) {
  const place = mkdtempSync(join(root, "emulator-"));
  const steps = contents.map((content) => (content.content ? content : { content }));
  writeFileSync(join(place, "scenario.json"), JSON.stringify({ steps, rules }));
  record = join(place, "requests.jsonl");
  emulator = spawn(process.env.AWL_EMULATOR, ["--port", "0", "--port-file", join(place, "port"), "--record", record,
    "--scenario", join(place, "scenario.json"), "--workspace", WORKSPACE, "--api-key", KEY], { stdio: "ignore" });
  const port = () => existsSync(join(place, "port")) && readFileSync(join(place, "port"), "utf8").trim();
  url = `http://127.0.0.1:${await until(port, "the emulator")}`;
}

const requests = () => readFileSync(record, "utf8").trim().split("\n").map((line) => JSON.parse(line).body);
const call = (name, input) => [{ type: "tool_use", name, input }];

beforeEach(() => {
  folder = mkdtempSync(join(root, "work-"));
  open = [];
});

afterEach(async () => {
  for (const q of open) q.close();
  await until(() => processesIn(folder).length === 0, "the end of every process");
  if (emulator.exitCode === null && emulator.kill()) await once(emulator, "exit");
});

after(() => rmSync(root, { recursive: true, force: true }));

const test = (name, work) => nodeTest(name, { timeout: LIMIT_MS }, work);

function start(prompt, options = {}) {
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: root, CLAUDE_CODE_USE_ANTHROPIC_AWS: "1", AWS_REGION: "us-east-1",
    ANTHROPIC_AWS_WORKSPACE_ID: WORKSPACE, ANTHROPIC_AWS_API_KEY: KEY, ANTHROPIC_AWS_BASE_URL: url, NO_PROXY: "127.0.0.1" };
  const q = query({ prompt, options: { pathToClaudeCodeExecutable: process.env.AWL, cwd: folder, env, settingSources: [], ...options } });
  open.push(q);
  return q;
}

async function run(prompt, options) {
  const messages = [];
  for await (const message of start(prompt, options)) messages.push(message);
  return messages;
}

// A conversation that stays open: say() hands out what came until the result.
function converse(options) {
  const waiting = [];
  let wake = () => {};
  async function* prompts() {
    for (;;) {
      while (waiting.length > 0) {
        const content = waiting.shift();
        if (content === null) return;
        yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
      }
      await new Promise((resolve) => { wake = resolve; });
    }
  }
  const put = (content) => { waiting.push(content); wake(); };
  const q = start(prompts(), options);
  return {
    q,
    async say(content) {
      put(content);
      const messages = [];
      for (;;) {
        const { value, done } = await q.next();
        assert.ok(!done, "the stream ended before the result");
        messages.push(value);
        if (value.type === "result") return messages;
      }
    },
    async end() {
      put(null);
      assert.equal((await q.next()).done, true);
    },
  };
}

const init = (messages) => messages.find((m) => m.type === "system" && m.subtype === "init");
const result = (messages) => messages.find((m) => m.type === "result");
const toolResults = (messages) => messages.filter((m) => m.type === "user" && Array.isArray(m.message.content))
  .flatMap((m) => m.message.content).filter((b) => b.type === "tool_result");
const textOf = (content) => (typeof content === "string" ? content : content.map((b) => b.text ?? "").join("\n"));

function answered(messages, words) {
  assert.equal(messages.filter((m) => m.type === "result").length, 1);
  assert.equal(result(messages).subtype, "success");
  assert.equal(result(messages).is_error, false);
  if (words !== undefined) assert.equal(result(messages).result, words);
}

test("a string is answered: init first, one success at the end", async () => {
  await platform(["Hello."]);
  const messages = await run("Hi.", { model: "claude-sonnet-4-6" });
  answered(messages, "Hello.");
  assert.equal(messages[0], init(messages));
  assert.equal(messages.at(-1), result(messages));
  assert.equal(init(messages).cwd, folder);
  assert.equal(init(messages).model, "claude-sonnet-4-6");
  assert.equal(init(messages).permissionMode, "default");
  assert.ok(init(messages).tools.includes("Bash"));
  assert.equal(new Set(messages.map((m) => m.session_id)).size, 1);
});

test("two messages are two turns of one session in one process", async () => {
  await platform(["An answer."]);
  const talk = converse();
  const first = await talk.say("The first.");
  const [pid] = processesIn(folder);
  const second = await talk.say("The second.");
  assert.deepEqual(processesIn(folder), [pid]);
  await talk.end();
  answered(first, "An answer.");
  answered(second, "An answer.");
  assert.equal(result(first).session_id, result(second).session_id);
  const sent = JSON.stringify(requests().at(-1).messages);
  for (const words of ["The first.", "An answer.", "The second."]) assert.ok(sent.includes(words), words);
});

test("canUseTool allows with a changed input", async () => {
  await platform([call("Bash", { command: "touch proposed" }), "Done."]);
  const asked = [];
  const messages = await run("Go on.", { canUseTool: async (name, input) => {
    asked.push([name, input.command]);
    return { behavior: "allow", updatedInput: { ...input, command: "touch changed" } };
  } });
  answered(messages, "Done.");
  assert.deepEqual(asked, [["Bash", "touch proposed"]]);
  assert.deepEqual(readdirSync(folder), ["changed"]);
});

test("canUseTool denies, and the model is told why", async () => {
  await platform([call("Bash", { command: "touch proposed" }), "Done."]);
  const messages = await run("Go on.", { canUseTool: async () => ({ behavior: "deny", message: "Not on a Friday." }) });
  answered(messages, "Done.");
  assert.deepEqual(readdirSync(folder), []);
  const [told] = toolResults(messages);
  assert.equal(told.is_error, true);
  assert.match(textOf(told.content), /Not on a Friday\./);
  assert.deepEqual(result(messages).permission_denials.map((d) => d.tool_name), ["Bash"]);
});

test("the model's question is answered through canUseTool", async () => {
  const question = { question: "Which colour?", header: "Colour", multiSelect: false,
    options: [{ label: "Red", description: "As blood" }, { label: "Blue", description: "As the sea" }] };
  await platform([call("AskUserQuestion", { questions: [question] }), "Done."]);
  const messages = await run("Go on.", { canUseTool: async (name, input) => {
    assert.equal(name, "AskUserQuestion");
    assert.equal(input.questions[0].question, "Which colour?");
    return { behavior: "allow", updatedInput: { ...input, answers: { "Which colour?": "Blue" } } };
  } });
  answered(messages, "Done.");
  const [told] = toolResults(messages);
  assert.ok(!told.is_error);
  assert.match(textOf(told.content), /Which colour\?.*Blue/s);
});

test("a PreToolUse hook of the host sees each call and can refuse it", async () => {
  await platform([call("Bash", { command: "touch one" }), call("Bash", { command: "touch two" }), "Done."]);
  const seen = [];
  const hook = async (input, toolUseId) => {
    seen.push([input.hook_event_name, input.tool_name, input.tool_input.command, input.tool_use_id === toolUseId]);
    const refused = input.tool_input.command === "touch two";
    return { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: refused ? "deny" : "allow",
      permissionDecisionReason: "One is enough." } };
  };
  const messages = await run("Go on.", { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [hook] }] } });
  answered(messages, "Done.");
  assert.deepEqual(seen, [["PreToolUse", "Bash", "touch one", true], ["PreToolUse", "Bash", "touch two", true]]);
  assert.deepEqual(readdirSync(folder), ["one"]);
  assert.match(textOf(toolResults(messages)[1].content), /One is enough\./);
});

test("a tool of the host's own process is called", async () => {
  await platform([call("mcp__host__add", { a: 2, b: 40 }), "Done."]);
  const add = tool("add", "Adds two numbers", { a: z.number(), b: z.number() },
    async ({ a, b }) => ({ content: [{ type: "text", text: `The sum is ${a + b}.` }] }));
  const host = createSdkMcpServer({ name: "host", version: "1.0.0", tools: [add], alwaysLoad: true });
  const messages = await run("Go on.", { mcpServers: { host }, allowedTools: ["mcp__host__add"] });
  answered(messages, "Done.");
  assert.ok(init(messages).tools.includes("mcp__host__add"));
  assert.deepEqual(init(messages).mcp_servers.map((s) => [s.name, s.status]), [["host", "connected"]]);
  const offered = requests()[0].tools.find((t) => t.name === "mcp__host__add");
  assert.deepEqual(Object.keys(offered.input_schema.properties), ["a", "b"]);
  assert.equal(textOf(toolResults(messages)[0].content), "The sum is 42.");
});

test("interrupt() ends the turn and its command, and not the session", async () => {
  await platform([call("Bash", { command: "touch began; sleep 300" }), "Never said."],
    [{ when: { last_user_contains: "The second." }, step: { content: "Still here." } }]);
  const talk = converse({ allowedTools: ["Bash"] });
  const turn = talk.say("The first.");
  await until(() => existsSync(join(folder, "began")), "the command");
  await talk.q.interrupt();
  assert.equal(result(await turn).subtype, "error_during_execution");
  await until(() => processesIn(folder).length === 1, "the end of the command");
  answered(await talk.say("The second."), "Still here.");
  await talk.end();
  assert.match(JSON.stringify(requests().at(-1).messages), /The first\./);
});

test("mode, model, commands and servers are set and told while a session is open", async () => {
  await platform([call("Write", { file_path: "made.txt", content: "one\n" }), "Done."]);
  const add = tool("add", "Adds", { a: z.number() }, async () => ({ content: [] }));
  const talk = converse({ mcpServers: { host: createSdkMcpServer({ name: "host", tools: [add] }) }, model: "claude-haiku-4-5",
    canUseTool: async () => ({ behavior: "deny", message: "Nobody should have asked." }) });
  const commands = await talk.q.supportedCommands();
  assert.ok(commands.some((c) => c.name === "compact" && c.description));
  assert.ok((await talk.q.supportedModels()).length > 0);
  const servers = await until(async () => {
    const told = await talk.q.mcpServerStatus();
    return told.every((s) => s.status === "connected") && told;
  }, "the server");
  assert.deepEqual(servers.map((s) => s.name), ["host"]);
  assert.deepEqual(servers[0].tools.map((t) => t.name), ["add"]);
  await talk.q.setPermissionMode("acceptEdits");
  await talk.q.setModel("claude-sonnet-4-6");
  const messages = await talk.say("Go on.");
  await talk.end();
  answered(messages, "Done.");
  assert.equal(readFileSync(join(folder, "made.txt"), "utf8"), "one\n");
  assert.equal(init(messages).permissionMode, "acceptEdits");
  assert.equal(init(messages).model, "claude-sonnet-4-6");
  assert.deepEqual([...new Set(requests().map((r) => r.model))], ["claude-sonnet-4-6"]);
});

test("an answer in the form of a schema comes as a value", async () => {
  const schema = { type: "object", properties: { name: { type: "string" }, legs: { type: "integer" } }, required: ["name", "legs"] };
  await platform([call("StructuredOutput", { name: "spider", legs: "many" }), call("StructuredOutput", { name: "spider", legs: 8 }), "Done."]);
  const messages = await run("Describe it.", { outputFormat: { type: "json_schema", schema } });
  answered(messages);
  assert.deepEqual(result(messages).structured_output, { name: "spider", legs: 8 });
  const [wrong, right] = toolResults(messages);
  assert.equal(wrong.is_error, true);
  assert.ok(!right.is_error);
});

test("a session is resumed in another process, and forked", async () => {
  await platform(["An answer."]);
  const { session_id: sessionId } = result(await run("The first."));
  const resumed = await run("The second.", { resume: sessionId });
  answered(resumed, "An answer.");
  assert.equal(result(resumed).session_id, sessionId);
  const sent = JSON.stringify(requests().at(-1).messages);
  for (const words of ["The first.", "An answer.", "The second."]) assert.ok(sent.includes(words), words);
  const forked = await run("The third.", { resume: sessionId, forkSession: true });
  assert.notEqual(result(forked).session_id, sessionId);
  assert.match(JSON.stringify(requests().at(-1).messages), /The second\./);
});

test("the SDK's session functions read what awl wrote, and awl what they wrote", async () => {
  await platform([call("Bash", { command: "echo red" }), "It is red."]);
  const { session_id: sessionId } = result(await run("Which colour is it?", { allowedTools: ["Bash"] }));
  const [listed, ...others] = await listSessions({ dir: folder });
  assert.deepEqual(others, []);
  assert.equal(listed.sessionId, sessionId);
  assert.equal(listed.firstPrompt, "Which colour is it?");
  assert.equal(listed.cwd, folder);
  const said = await getSessionMessages(sessionId, { dir: folder });
  assert.deepEqual(said.map((m) => m.type), ["user", "assistant", "user", "assistant"]);
  assert.equal(textOf(said.at(-1).message.content), "It is red.");

  await renameSession(sessionId, "Of colours", { dir: folder });
  await tagSession(sessionId, "art", { dir: folder });
  const fork = await forkSession(sessionId, { dir: folder });
  const resumed = await run("And now?", { resume: sessionId });
  assert.equal(result(resumed).session_id, sessionId);
  const info = await getSessionInfo(sessionId, { dir: folder });
  assert.equal(info.customTitle, "Of colours");
  assert.equal(info.tag, "art");
  answered(await run("And there?", { resume: fork.sessionId }), "It is red.");
  assert.match(JSON.stringify(requests().at(-1).messages), /Which colour is it\?/);
});

test("includePartialMessages gives the platform's events as they come", async () => {
  const words = "The quick brown fox jumps over the lazy dog, and back again.";
  await platform([{ content: words, chunk_bytes: 7 }]);
  const messages = await run("Go on.", { includePartialMessages: true });
  answered(messages, words);
  const events = messages.filter((m) => m.type === "stream_event").map((m) => m.event);
  assert.equal(events[0].type, "message_start");
  assert.equal(events.at(-1).type, "message_stop");
  const deltas = events.filter((e) => e.type === "content_block_delta");
  assert.ok(deltas.length > 3);
  assert.equal(deltas.map((e) => e.delta.text).join(""), words);
});

test("an abort ends awl and what it started", async () => {
  await platform([call("Bash", { command: "touch began; sleep 300" }), "Never said."]);
  const abortController = new AbortController();
  const turn = run("Go on.", { abortController, allowedTools: ["Bash"] });
  const ended = assert.rejects(turn, /abort/i);
  await until(() => existsSync(join(folder, "began")), "the command");
  assert.ok(processesIn(folder).length >= 2);
  abortController.abort();
  await ended;
  await until(() => processesIn(folder).length === 0, "the end of every process");
});

// `awl acp`, spoken to by the protocol's own client library.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { client, methods, ndJsonStream } from "@agentclientprotocol/sdk";

const KEY = "made-up-api-key";
const WORKSPACE = "wrkspc_01ACPTESTS";
const QUESTION = { question: "Which store?", header: "Store", options: [{ label: "SQLite", description: "one file" }, { label: "Files", description: "many" }] };
const SCENARIO = {
  rules: [
    { when: { last_user_contains: "write it" }, step: { content: [{ type: "text", text: "I write." },
      { type: "tool_use", name: "Write", input: { file_path: "made.txt", content: "one\n" } }] } },
    { when: { last_user_contains: "run it" }, step: { content: [{ type: "tool_use", name: "Bash", input: { command: "touch ran" } }] } },
    { when: { last_user_contains: "slow" }, step: { content: [{ type: "tool_use", name: "Bash", input: { command: "touch began; sleep 60" } }] } },
    { when: { last_user_contains: "ask me" }, step: { content: [{ type: "tool_use", name: "AskUserQuestion", input: { questions: [QUESTION] } }] } },
    { when: { last_user_contains: "by question:" }, step: { content: "I see." } },
    { when: { model_contains: "claude" }, step: { content: "Done." } },
  ],
};

let root, emulator, url;

async function until(condition, what) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = condition();
    if (value) return value;
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

before(async () => {
  root = mkdtempSync(join(tmpdir(), "awl-acp-"));
  writeFileSync(join(root, "scenario.json"), JSON.stringify(SCENARIO));
  emulator = spawn(process.env.AWL_EMULATOR, ["--port", "0", "--port-file", join(root, "port"), "--scenario", join(root, "scenario.json"),
    "--workspace", WORKSPACE, "--api-key", KEY], { stdio: "ignore" });
  url = `http://127.0.0.1:${await until(() => existsSync(join(root, "port")) && readFileSync(join(root, "port"), "utf8").trim(), "the emulator")}`;
});

after(async () => {
  emulator.kill();
  await once(emulator, "exit");
  rmSync(root, { recursive: true, force: true });
});

let folder, agent, updates, choose;

function start() {
  agent = spawn(process.env.AWL, ["acp"], {
    cwd: root, stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, HOME: join(root, "home"), TMPDIR: root, CLAUDE_CODE_USE_ANTHROPIC_AWS: "1", AWS_REGION: "us-east-1",
      ANTHROPIC_AWS_WORKSPACE_ID: WORKSPACE, ANTHROPIC_AWS_API_KEY: KEY, ANTHROPIC_AWS_BASE_URL: url, NO_PROXY: "127.0.0.1" },
  });
  updates = [];
}

// The editor goes: so does its agent, with everything that it started.
async function stop() {
  agent.stdin.end();
  if (agent.exitCode === null) await once(agent, "exit");
  assert.equal(agent.exitCode, 0);
}

beforeEach(() => {
  folder = mkdtempSync(join(root, "work-"));
  choose = () => "allow_once";
  start();
});

afterEach(stop);

function talk(work) {
  return client({ name: "test" })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      updates.push({ asked: params });
      const optionId = choose(params);
      return { outcome: optionId ? { outcome: "selected", optionId } : { outcome: "cancelled" } };
    })
    .onNotification(methods.client.session.update, ({ params }) => void updates.push(params.update))
    .connectWith(ndJsonStream(Writable.toWeb(agent.stdin), Readable.toWeb(agent.stdout)), async (editor) => {
      const said = await editor.request(methods.agent.initialize, { protocolVersion: 1, clientCapabilities: {} });
      assert.equal(said.protocolVersion, 1);
      assert.equal(said.agentInfo.name, "awl");
      return work(editor);
    });
}

const open = (editor) => editor.request(methods.agent.session.new, { cwd: folder, mcpServers: [] });
const prompt = (editor, sessionId, text) =>
  editor.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: "text", text }] });
const text = (kind) => updates.filter((u) => u.sessionUpdate === kind).map((u) => u.content.text).join("");

test("a prompt is answered", () => talk(async (editor) => {
  const { sessionId, modes } = await open(editor);
  assert.equal(modes.currentModeId, "default");
  assert.deepEqual(await prompt(editor, sessionId, "hello"), { stopReason: "end_turn" });
  assert.equal(text("agent_message_chunk"), "Done.");
  assert.ok(updates.find((u) => u.sessionUpdate === "available_commands_update").availableCommands.some((c) => c.name === "compact"));
}));

test("a change is asked about, made and shown as a difference", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  await prompt(editor, sessionId, "write it");
  assert.equal(readFileSync(join(folder, "made.txt"), "utf8"), "one\n");
  const { asked } = updates.find((u) => u.asked);
  assert.deepEqual(asked.options.map((o) => o.kind), ["allow_once", "allow_always", "reject_once"]);
  assert.equal(asked.toolCall.kind, "edit");
  const call = updates.find((u) => u.sessionUpdate === "tool_call");
  const done = updates.find((u) => u.sessionUpdate === "tool_call_update" && u.toolCallId === call.toolCallId);
  assert.equal(done.status, "completed");
  assert.equal(done.content[0].newText, "one\n");
}));

test("a question of the model is a choice in the editor", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  choose = ({ options }) => options.find((o) => o.name === "Files").optionId;
  await prompt(editor, sessionId, "ask me");
  const { asked } = updates.find((u) => u.asked);
  assert.equal(asked.toolCall.title, "Which store?");
  assert.deepEqual(asked.options.map((o) => o.name), ["SQLite", "Files", "Leave it open"]);
  assert.equal(text("agent_message_chunk"), "I see.");
  const result = updates.find((u) => u.sessionUpdate === "tool_call_update" && u.status === "completed");
  assert.match(JSON.stringify(result.content), /Which store\?\\n  Files/);
}));

test("a no is a no, and no answer ends the turn", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  choose = () => "reject_once";
  assert.deepEqual(await prompt(editor, sessionId, "run it"), { stopReason: "end_turn" });
  choose = () => undefined;
  assert.deepEqual(await prompt(editor, sessionId, "run it again: run it"), { stopReason: "cancelled" });
  assert.ok(!existsSync(join(folder, "ran")));
}));

test("what is always allowed is asked once", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  choose = () => "allow_always";
  await prompt(editor, sessionId, "run it");
  await prompt(editor, sessionId, "run it");
  assert.equal(updates.filter((u) => u.asked).length, 1);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, ".claude/settings.local.json"))).permissions.allow, ["Bash(touch ran)"]);
}));

test("a turn is cancelled, and its processes with it", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  const answer = prompt(editor, sessionId, "slow");
  await until(() => existsSync(join(folder, "began")), "the command");
  await editor.notify(methods.agent.session.cancel, { sessionId });
  assert.deepEqual(await answer, { stopReason: "cancelled" });
}));

test("the mode is changed", () => talk(async (editor) => {
  const { sessionId } = await open(editor);
  await editor.request(methods.agent.session.setMode, { sessionId, modeId: "acceptEdits" });
  await prompt(editor, sessionId, "write it");
  assert.equal(updates.filter((u) => u.asked).length, 0);
  assert.ok(updates.some((u) => u.sessionUpdate === "current_mode_update" && u.currentModeId === "acceptEdits"));
  await assert.rejects(editor.request(methods.agent.session.setMode, { sessionId, modeId: "bypassPermissions" }), /skip permissions/);
}));

test("a session goes on in another process, with what was said", async () => {
  const sessionId = await talk(async (editor) => {
    const opened = await open(editor);
    await prompt(editor, opened.sessionId, "remember this");
    await assert.rejects(editor.request(methods.agent.session.load, { sessionId: opened.sessionId, cwd: folder, mcpServers: [] }), /open already/);
    return opened.sessionId;
  });
  await stop();
  start();
  await talk(async (editor) => {
    await editor.request(methods.agent.session.load, { sessionId, cwd: folder, mcpServers: [] });
    assert.equal(text("user_message_chunk"), "remember this");
    assert.deepEqual(await prompt(editor, sessionId, "and now?"), { stopReason: "end_turn" });
  });
});

test("an editor that goes away leaves nothing behind", async () => {
  await talk(async (editor) => {
    choose = () => "allow_once";
    const { sessionId } = await open(editor);
    prompt(editor, sessionId, "slow").catch(() => {});
    await until(() => existsSync(join(folder, "began")), "the command");
  });
  await stop();
});

test("what is wrong gets an error, never silence", () => talk(async (editor) => {
  await assert.rejects(editor.request(methods.agent.session.new, { cwd: "relative", mcpServers: [] }), /no absolute folder/);
  await assert.rejects(prompt(editor, "nope", "x"), /no session/);
  const { sessionId } = await open(editor);
  await assert.rejects(editor.request(methods.agent.session.prompt, { sessionId, prompt: [] }), /empty/);
}));

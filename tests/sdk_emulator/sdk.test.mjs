// The official SDK for Claude Platform on AWS must work against the emulator as it is, with both kinds of
// credentials, and must raise its own typed errors.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import AnthropicAws from '@anthropic-ai/aws-sdk';

const WORKSPACE = 'wrkspc_01SdkTest';
const FAR_WORKSPACE = 'wrkspc_01SdkTestFar';
const MODEL = 'claude-sonnet-4-6';
const LONG_TEXT = 'Facts that never change. '.repeat(400);

// Nothing of the machine's own set-up may reach the SDK.
for (const name of Object.keys(process.env)) {
  if (/^(AWS_|ANTHROPIC_|HTTPS?_PROXY|https?_proxy)/.test(name)) delete process.env[name];
}

const folder = mkdtempSync(join(tmpdir(), 'awl-sdk-'));
let emulator;
let baseURL;

const config = {
  workspaces: [WORKSPACE, { id: FAR_WORKSPACE, region: 'eu-west-1' }],
  scenario: 'scenario.json',
  principals: [
    { user: 'dev', policies: ['AnthropicInferenceAccess'], api_keys: ['sk-sdk-dev'],
      access_keys: [{ id: 'AKIASDKTEST', secret: 'sdk/secret+1' }] },
    { role: 'ci', policies: ['AnthropicFullAccess'],
      access_keys: [{ id: 'ASIASDKTEST', secret: 'sdk/secret+2', session_token: 'token//1==' },
                    { id: 'ASIASDKOLD', secret: 'sdk/secret+3', session_token: 'token//2==', lifetime_s: 0 }] },
    { user: 'reader', policies: ['AnthropicReadOnlyAccess'], api_keys: ['sk-sdk-reader'] },
  ],
  limits: { requests_per_minute: 1000 },
};

const scenario = {
  rules: [
    { when: { last_user_contains: 'busy' }, times: 1, step: { status: 529 } },
    { when: { last_user_contains: 'limit' }, step: { status: 429, headers: { 'retry-after': '0' } } },
    { when: { last_user_contains: 'break' }, step: { content: 'a text of several events', fault: 'error-after=4' } },
  ],
  steps: [{ content: [{ type: 'thinking', thinking: 'Let me look.' }, { type: 'text', text: 'Grüße, 世界' },
                      { type: 'tool_use', name: 'lookup', input: { key: [1, 2, { deep: true }] } }] }],
};

async function waitFor(condition, what) {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

before(async () => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const portFile = join(folder, 'port');
  emulator = spawn(process.env.AWL_EMULATOR, ['--port', '0', '--port-file', portFile, '--config', join(folder, 'config.json')],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await waitFor(() => {
    if (emulator.exitCode !== null) throw new Error(`the emulator ended with ${emulator.exitCode}`);
    try { return Number(readFileSync(portFile, 'utf8')); } catch { return 0; }
  }, 'the port');
  baseURL = `http://127.0.0.1:${port}`;
});

after(async () => {
  if (emulator && emulator.exitCode === null) {
    const ended = new Promise((resolve) => emulator.once('exit', resolve));
    emulator.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
  rmSync(folder, { recursive: true, force: true });
});

const shared = (options) => new AnthropicAws({ baseURL, awsRegion: 'us-east-1', workspaceId: WORKSPACE, maxRetries: 0, ...options });
const clients = {
  'an access key': () => shared({ awsAccessKey: 'AKIASDKTEST', awsSecretAccessKey: 'sdk/secret+1' }),
  'temporary credentials': () => shared({ awsAccessKey: 'ASIASDKTEST', awsSecretAccessKey: 'sdk/secret+2', awsSessionToken: 'token//1==' }),
  'an API key': () => shared({ apiKey: 'sk-sdk-dev' }),
};
const say = (text, more) => ({ model: MODEL, max_tokens: 64, messages: [{ role: 'user', content: text }], ...more });

function checkAnswer(message) {
  assert.equal(message.type, 'message');
  assert.equal(message.stop_reason, 'tool_use');
  assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text', 'tool_use']);
  assert.equal(message.content[1].text, 'Grüße, 世界');
  assert.deepEqual(message.content[2].input, { key: [1, 2, { deep: true }] });
}

for (const [name, client] of Object.entries(clients)) {
  test(`messages, streams, counts and models with ${name}`, async () => {
    const { data, response, request_id: id } = await client().messages.create(say('hi')).withResponse();
    checkAnswer(data);
    assert.match(id, /^req_/);
    assert.match(response.headers.get('x-amzn-requestid'), /^[0-9a-f-]{36}$/);
    assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '1000');

    const pieces = [];
    const stream = client().messages.stream(say('hi')).on('text', (text) => pieces.push(text));
    checkAnswer(await stream.finalMessage());
    assert.equal(pieces.join(''), 'Grüße, 世界');

    const count = await client().messages.countTokens({ model: MODEL, messages: [{ role: 'user', content: 'hi' }] });
    assert.ok(count.input_tokens > 0);

    const models = [];
    for await (const model of client().models.list({ limit: 3 })) models.push(model.id);
    assert.ok(models.length > 3 && models.includes(MODEL));
    assert.equal((await client().models.retrieve(MODEL)).display_name, 'Claude Sonnet 4.6');
  });
}

test('usage shows what the cache did', async () => {
  const system = [{ type: 'text', text: LONG_TEXT, cache_control: { type: 'ephemeral', ttl: '1h' } }];
  const client = clients['an API key']();
  const first = (await client.messages.create(say('one', { system }))).usage;
  const second = (await client.messages.create(say('two', { system }))).usage;
  assert.ok(first.cache_creation_input_tokens > 2000);
  assert.equal(first.cache_creation.ephemeral_1h_input_tokens, first.cache_creation_input_tokens);
  assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
  assert.equal(second.cache_creation_input_tokens, 0);
});

test('refusals are the typed errors of the SDK', async () => {
  const expired = shared({ awsAccessKey: 'ASIASDKOLD', awsSecretAccessKey: 'sdk/secret+3', awsSessionToken: 'token//2==' });
  await assert.rejects(expired.messages.create(say('hi')), AnthropicAws.AuthenticationError);
  const wrong = shared({ awsAccessKey: 'AKIASDKTEST', awsSecretAccessKey: 'another' });
  await assert.rejects(wrong.messages.create(say('hi')), (error) =>
    error instanceof AnthropicAws.PermissionDeniedError && error.message.includes('SignatureDoesNotMatch'));
  await assert.rejects(shared({ apiKey: 'sk-sdk-reader' }).messages.create(say('hi')), (error) =>
    error instanceof AnthropicAws.PermissionDeniedError &&
    error.message.includes('user/reader is not authorized to perform: aws-external-anthropic:CreateInference'));
  await assert.rejects(shared({ apiKey: 'sk-sdk-dev', workspaceId: FAR_WORKSPACE }).messages.create(say('hi')), (error) =>
    error instanceof AnthropicAws.PermissionDeniedError && error.message.includes('bound to region eu-west-1'));
  const client = clients['an API key']();
  await assert.rejects(client.messages.create(say('limit')), AnthropicAws.RateLimitError);
  await assert.rejects(client.messages.create(say('hi', { max_tokens: -1 })), AnthropicAws.BadRequestError);
  await assert.rejects(client.models.retrieve('claude-none'), AnthropicAws.NotFoundError);
  await assert.rejects(client.messages.stream(say('break')).finalMessage(), AnthropicAws.APIError);
});

test('the SDK repeats a request that met an overload', async () => {
  const client = shared({ apiKey: 'sk-sdk-dev', maxRetries: 2 });
  checkAnswer(await client.messages.create(say('busy')));
});


import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOSTILE_TEMPLATES } from '../../testing/fixtures/hostileTemplates';
import { CHAT_TEMPLATE } from '../files';
import { type ChatMessage, ChatTemplateError, readChatTemplate } from './chatTemplate';

interface Fixture {
  readonly conversations: Readonly<Record<string, readonly ChatMessage[]>>;
  readonly templates: Readonly<Record<string, { template: string; prompts: Readonly<Record<string, string>> }>>;
}

// Rendered by transformers' Jinja (reference/python/chat_templates.py).
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/chatTemplates.json', import.meta.url), 'utf8'),
);
const NAMES = { bos_token: '<s>', eos_token: '</s>' };
const QUESTION = [{ role: 'user', content: '1+2=?' }];
const render = (template: string) => readChatTemplate(template).prompt(QUESTION, NAMES);

describe('a chat template', () => {
  it.each(Object.keys(fixture.templates))('of %s gives the prompts that transformers gives', (name) => {
    const { template, prompts } = fixture.templates[name] as Fixture['templates'][string];
    for (const [conversation, prompt] of Object.entries(prompts)) {
      const messages = fixture.conversations[conversation] as readonly ChatMessage[];
      expect(readChatTemplate(template).prompt(messages, NAMES)).toBe(prompt);
    }
  });

  it('of the models made here gives the begin token and the question', () => {
    expect(render(CHAT_TEMPLATE)).toBe('<s>1+2=?');
  });

  // Each was run by Jinja 3.1 with transformers' settings.
  it.each([
    ['{%- set x = [1, 2, 3] -%}\n  {{ x[::-1] }} {{ x[-1] }} {{ x[1:] }}', '[3, 2, 1] 3 [2, 3]'],
    ['a\n  {% if true %}\nb\n  {% endif %}\nc\n', 'a\nb\nc'],
    ['{{ "a,b" .split(",") | join("-") }}{{ " x ".strip() }}{{ "ab"[0] }}', 'a-bxa'],
    [
      '{% for k, v in {"a": 1, "b": none}.items() if k != "c" %}{{ k }}{{ v }}{{ "," if not loop.last }}{% endfor %}',
      'a1,bNone',
    ],
    [
      '{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n ' +
        '}}{{ 7 // 2 }}{{ -7 % 3 }}',
      '632',
    ],
    ['{{ {"a": [1, true, none, "é"]} | tojson }}', '{"a": [1, true, null, "é"]}'],
    ['{% macro f(a, b="x") %}{{ a ~ b }}{% endmacro %}{{ f(1) }}{{ f(1, b=2) }}', '1x12'],
    [
      '{{ missing is defined }}{{ missing | default("d") }}{{ 1 if missing }}{{ 3 in [1, 3] and "a" not in "b" }}',
      'FalsedTrue',
    ],
    [
      '{% for m in messages | selectattr("role", "equalto", "user") %}{{ m["content"] }}{% else %}none{% endfor %}',
      '1+2=?',
    ],
  ])('writes %j as Jinja does', (template, text) => {
    expect(render(template)).toBe(text);
  });
});

describe('a hostile chat template', () => {
  it.each(HOSTILE_TEMPLATES)('is refused or ended: %s', (_description, template, message) => {
    expect(() => render(template)).toThrow(ChatTemplateError);
    expect(() => render(template)).toThrow(message);
  });
});

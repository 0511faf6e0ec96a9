// The tokenizer's share of a Hugging Face folder, as file texts.
import type { Tokenizer } from './tokenizer';

/**
 * The chat form of a question and its completion. A conversation of one user message gives exactly the prompt that the
 * model is trained on (begin token, question); the assistant writes its own think tag. `generation` marks what TRL's
 * assistant-only loss counts.
 */
export const CHAT_TEMPLATE = `{%- for message in messages -%}
{%- if message.role == 'user' -%}
{{- bos_token + message.content -}}
{%- elif message.role == 'assistant' -%}
{%- generation -%}{{- message.content + eos_token -}}{%- endgeneration -%}
{%- else -%}
{{- raise_exception('This model reads only user and assistant messages, not ' + message.role + '.') -}}
{%- endif -%}
{%- endfor -%}`;

const toText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** tokenizer_config.json. transformers needs the roles of the tokens from here, and pads prompts on the left. */
export function tokenizerConfigJson(tokenizer: Tokenizer): string {
  return toText({
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: tokenizer.tokenText(tokenizer.bosId),
    eos_token: tokenizer.tokenText(tokenizer.eosId),
    pad_token: tokenizer.tokenText(tokenizer.padId),
    padding_side: 'left',
    clean_up_tokenization_spaces: false,
    chat_template: CHAT_TEMPLATE,
  });
}

/** Every file of the folder that belongs to the tokenizer, by name. */
export function tokenizerFiles(tokenizer: Tokenizer): Readonly<Record<string, string>> {
  return {
    'tokenizer.json': toText(tokenizer.tokenizerJson),
    'tokenizer_config.json': tokenizerConfigJson(tokenizer),
    'chat_template.jinja': CHAT_TEMPLATE,
  };
}

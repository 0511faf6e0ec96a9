// CodeMirror behind a small interface, in its own chunk: an editor for the reader's reward in an element of the page.
import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface CodeEditor {
  setText(text: string): void;
  destroy(): void;
}

interface CodeEditorOptions {
  readonly text: string;
  /** For those who do not see it. */
  readonly label: string;
  /** Names and types offered after `sample.`. */
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly onChange: (text: string) => void;
}

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--color-raised)', color: 'var(--color-ink)', fontSize: '0.8125rem', maxHeight: '22rem' },
  '.cm-content, .cm-gutter': { minHeight: '9rem' },
  '&.cm-focused': { outline: '2px solid var(--color-accent)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--color-ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': { backgroundColor: 'var(--color-wash)', color: 'var(--color-soft)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklab, var(--color-accent) 25%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-raised)',
    color: 'var(--color-ink)',
    border: '1px solid var(--color-edge)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--color-accent)',
    color: 'var(--color-on-accent)',
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--color-accent)' },
  { tag: [tags.string, tags.regexp, tags.number, tags.bool, tags.null], color: 'var(--color-good)' },
  { tag: tags.comment, color: 'var(--color-soft)', fontStyle: 'italic' },
  { tag: tags.function(tags.definition(tags.variableName)), fontWeight: '600' },
]);

function complete(fields: CodeEditorOptions['fields']) {
  return (context: CompletionContext) => {
    const before = context.matchBefore(/\bsample\.\w*/);
    if (before === null) return null;
    const options = fields.map(({ name, type }) => ({ label: name, detail: type, type: 'property' }));
    return { from: before.from + 'sample.'.length, options, validFor: /^\w*$/ };
  };
}

/** Left to the browser, typing over coloured text would keep its colour by an inline style, which the page's policy refuses. */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput: ({ inputType, data }, view) => {
    if (inputType !== 'insertText' || data === null || view.composing || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

/** Puts an editor into the element. It lives in a shadow root, where its styles need no exception of the page's policy. */
export function createCodeEditor(host: HTMLElement, { text, label, fields, onChange }: CodeEditorOptions): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  // An Escape that closes the list of completions closes nothing else.
  host.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.defaultPrevented) event.stopPropagation();
  });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        javascript(),
        syntaxHighlighting(colours),
        typeOverSelection,
        autocompletion({ override: [complete(fields)], icons: false }),
        // Tab is left to the page: it must lead out of the editor.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
        look,
      ],
    }),
  });
  return {
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    destroy: () => view.destroy(),
  };
}

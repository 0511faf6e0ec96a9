// The formula of one answer of a group: reward, advantage, ratio and clip of a token, KL, share of the loss. Self-contained: it
// shows what its props say and asks nobody.
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerPlace, answerFormula, type ReadAgain } from '../../protocol/answerFormula';
import type { GrpoConfig } from '../../protocol/protocol';
import { writeAddress } from '../../state/address';
import { FormulaPart, FormulaStep } from './FormulaStep';
import { advantageTex, klTex, policyTex, ratioTex, rewardTex, shareTex, weightTex } from './grpoTex';
import { plainNumber } from './numbers';
import { type ChooserToken, TokenChooser } from './TokenChooser';

export interface AnswerFormulaProps extends AnswerPlace {
  readonly config: GrpoConfig;
  readonly again?: ReadAgain | undefined;
}

export default function AnswerFormula({ groups, group, member, config, again }: AnswerFormulaProps) {
  const { t } = useTranslation();
  const id = useId();
  const formula = useMemo(
    () => answerFormula({ groups, group, member }, config, again),
    [groups, group, member, config, again],
  );
  const [chosen, setChosen] = useState(0);
  const index = Math.min(chosen, formula.tokens.length - 1);
  const token = formula.tokens[index];
  const strongest = Math.max(...formula.tokens.map(({ push }) => Math.abs(push)));
  const texts = group.members[member]?.tokens ?? [];
  const shown = texts.map(({ text, part }, i): ChooserToken => {
    const one = formula.tokens[i];
    const name = text === '' ? t('formula.tokenEnd') : text.trim() === '' ? '␣' : text.trim();
    const push = one?.push ?? 0;
    return {
      text: name,
      label: t('formula.tokenLabel', { text: name, push: plainNumber(push) }),
      tint: strongest === 0 ? 0 : push / strongest,
      isDashed: one?.isCut ?? false,
      isSmall: part === 'tag' || text === '',
    };
  });
  const isWhole = config.importance_sampling_level === 'sequence';
  return (
    <section aria-labelledby={id} data-testid="answer-formula" className="mt-2 mb-4 border-l-2 border-accent pl-4">
      <h3 id={id} className="caps">
        {t('formula.title')}
      </h3>
      <p className="text-fine text-soft">
        {t('formula.symbolsHelp')}{' '}
        <a className="link" href={writeAddress('one-page')}>
          {t('formula.onePage')}
        </a>
      </p>
      {formula.leftOut && <p className="mt-1 text-fine text-think">{t(`formula.leftOut.${formula.leftOut}`)}</p>}
      <div className="mt-2 grid gap-x-10 gap-y-5 md:grid-cols-2">
        <FormulaStep
          number={1}
          title={t('formula.rewardStep')}
          help={t('formula.rewardHelp')}
          formula={rewardTex(formula)}
        />
        <FormulaStep
          number={2}
          title={t('formula.advantageStep')}
          help={
            formula.decoupled
              ? t('formula.decoupledHelp')
              : config.scale_rewards === 'batch'
                ? `${t('formula.advantageHelp')} ${t('formula.batchHelp')}`
                : t('formula.advantageHelp')
          }
          formula={advantageTex(formula)}
          note={!formula.decoupled && formula.std === 0 && t('formula.noSignal')}
        />
      </div>
      <div className="mt-4">
        <FormulaStep number={3} title={t('formula.tokenStep')} help={t('formula.tokenHelp')}>
          <TokenChooser label={t('formula.tokens')} tokens={shown} chosen={index} onChoose={setChosen} />
        </FormulaStep>
      </div>
      {token && (
        <div className="mt-2 grid gap-x-10 gap-y-5 md:grid-cols-2">
          <FormulaPart
            formula={ratioTex(token, formula, config)}
            title={t('formula.tokenStep')}
            note={
              isWhole
                ? t('formula.sequenceLevel')
                : t(again?.logps ? 'formula.readAgain' : `formula.${onPolicyNote(config)}`)
            }
          />
          <FormulaPart
            formula={policyTex(token, formula, config)}
            title={t('formula.tokenStep')}
            note={
              token.leftOut
                ? t(`formula.tokenOut.${token.leftOut}`)
                : token.isCut
                  ? t('formula.cut')
                  : config.top_entropy_quantile < 1 && t('formula.topEntropy', { share: config.top_entropy_quantile })
            }
          />
          {token.kl && (
            <FormulaStep
              number={4}
              title={t('formula.klStep')}
              help={t('formula.klHelp')}
              formula={klTex(token, config)}
            />
          )}
          <FormulaStep
            number={token.kl ? 5 : 4}
            title={t('formula.shareStep')}
            help={t('formula.shareHelp', { type: config.loss_type })}
            formula={weightTex(formula, config)}
            note={formula.isEstimated && t('formula.estimated')}
          />
          <FormulaPart
            formula={shareTex(token, formula, config)}
            title={t('formula.shareStep')}
            note={
              <>
                {t('formula.total', { loss: plainNumber(formula.loss) })}
                {config.beta > 0 && !token.kl && ` ${t('formula.klUnknown')}`}
                {config.entropy_coef > 0 && token.entropy === undefined && ` ${t('formula.entropyUnknown')}`}
              </>
            }
          />
        </div>
      )}
    </section>
  );
}

/** Which sentence explains a ratio of 1. */
const onPolicyNote = ({ num_iterations, steps_per_generation }: GrpoConfig) =>
  num_iterations * steps_per_generation === 1 ? 'onPolicy' : 'severalSteps';

import { useTranslation } from 'react-i18next';
import { Dialog, DialogTrigger, Popover, SwitchButton, SwitchField } from 'react-aria-components';
import { CAPTION_COLOURS, CAPTION_LINES, CAPTION_SIZES } from '../../library/listening.ts';
import { Choice } from '../shared/Choice.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import type { Listening } from './useListening.ts';

/** How captions look: every change is seen at once in the captions themselves. */
export function CaptionSettings({ listening, translated }: { listening: Listening; translated: boolean }) {
  const { t, i18n } = useTranslation();
  const { choices, choose } = listening;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <DialogTrigger>
      <IconButton icon="letters" label={t('captions.appearance')} />
      <Popover className="popover caption-settings" placement="top end">
        <Dialog className="caption-settings-dialog" aria-label={t('captions.appearance')}>
          <Choice
            label={t('captions.size')}
            value={choices.captionSize}
            options={CAPTION_SIZES.map((id) => ({ id, label: t(`captions.sizes.${id}`) }))}
            onChange={(captionSize) => choose({ captionSize })}
          />
          <Choice
            label={t('captions.colours')}
            value={choices.captionColours}
            options={CAPTION_COLOURS.map((id) => ({ id, label: t(`captions.colour.${id}`) }))}
            onChange={(captionColours) => choose({ captionColours })}
          />
          <Choice
            label={t('captions.lines')}
            value={String(choices.captionLines)}
            options={CAPTION_LINES.map((lines) => ({ id: String(lines), label: number.format(lines) }))}
            onChange={(id) =>
              choose({ captionLines: CAPTION_LINES.find((lines) => String(lines) === id) ?? choices.captionLines })
            }
          />
          <Choice
            label={t('captions.position')}
            value={choices.captionPosition}
            options={[
              { id: 'top', label: t('captions.top') },
              { id: 'bottom', label: t('captions.bottom') },
            ]}
            onChange={(captionPosition) => choose({ captionPosition })}
          />
          {translated && (
            <Choice
              label={t('captions.translation')}
              value={choices.translationPlace}
              options={(['under', 'beside', 'only'] as const).map((id) => ({ id, label: t(`captions.place.${id}`) }))}
              onChange={(translationPlace) => choose({ translationPlace })}
            />
          )}
          <SwitchField isSelected={choices.announce} onChange={(announce) => choose({ announce })}>
            <SwitchButton className="switch">
              <span className="switch-track" />
              {t('captions.announce')}
            </SwitchButton>
          </SwitchField>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

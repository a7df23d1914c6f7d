import { useTranslation } from 'react-i18next';
import {
  Button,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import type { Route } from '../../client/route.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { formatBytes, languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { routeFor, sourceLanguages, targetLanguages } from '../useModels.ts';
import { shortcutLabel } from './shortcuts.ts';
import type { Direction } from './useDirection.ts';

interface Props {
  /** What is chosen: a tag or `auto`. */
  choice: string;
  direction: Direction;
  models: ModelInfo[];
  onSwap: () => void;
}

/** From which language to which, with the swap between. */
export function LanguageBar({ choice, direction, models, onSwap }: Props) {
  const { t, i18n } = useTranslation();
  const name = (tag: string): string => languageName(tag, i18n.language);
  const detected = direction.detected;
  const fromLabel =
    choice !== 'auto'
      ? name(choice)
      : detected === null
        ? t('languages.detect')
        : t('languages.detected', { language: name(detected) });
  return (
    <div className="language-bar">
      <LanguageSelect
        label={t('languages.from')}
        value={choice}
        shown={fromLabel}
        languages={sourceLanguages(models)}
        detect
        models={models}
        pair={(language) => routeFor(models, language, direction.to === language ? '' : direction.to)}
        onChange={direction.chooseFrom}
      />
      <IconButton
        icon="swap"
        label={t('languages.swap')}
        shortcut={shortcutLabel('swap')}
        isDisabled={!direction.canSwap}
        onPress={onSwap}
      />
      <LanguageSelect
        label={t('languages.to')}
        value={direction.to}
        shown={name(direction.to)}
        languages={targetLanguages(models)}
        models={models}
        pair={(language) => routeFor(models, direction.from === language ? '' : (direction.from ?? ''), language)}
        onChange={direction.chooseTo}
      />
    </div>
  );
}

interface SelectProps {
  label: string;
  value: string;
  shown: string;
  languages: string[];
  detect?: boolean;
  models: ModelInfo[];
  /** The way that choosing this language would take with the other side as it is. */
  pair: (language: string) => Route | undefined;
  onChange: (language: string) => void;
}

function LanguageSelect({ label, value, shown, languages, detect, models, pair, onChange }: SelectProps) {
  const { t, i18n } = useTranslation();
  const state = (language: string): string => {
    const fits = (model: ModelInfo): boolean => (detect ? model.from : model.to).includes(language);
    const route = pair(language);
    const other = models.find((candidate) => fits(candidate) && candidate.state === 'installed') ?? models.find(fits);
    const needed = route?.models ?? (other ? [other] : []);
    if (needed.length === 0) return '';
    const missing = needed.filter((model) => model.state !== 'installed');
    const bytes = missing.reduce((sum, model) => sum + model.downloadBytes - model.storedBytes, 0);
    const size = missing.length === 0 ? t('languages.installed') : formatBytes(bytes, i18n.language);
    if (route?.via === undefined) return size;
    return `${t('pivot.via', { language: languageName(route.via, i18n.language) })} · ${size}`;
  };
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
    >
      <Button className="button language-button">
        <SelectValue className="language-name">{shown}</SelectValue>
        <Icon name="chevron" size={16} />
      </Button>
      <Popover className="popover language-popover" placement="bottom start">
        <ListBox className="menu">
          {detect && (
            <ListBoxItem id="auto" className="menu-item" textValue={t('languages.detect')}>
              <span className="menu-item-label">{t('languages.detect')}</span>
            </ListBoxItem>
          )}
          <ListBoxSection>
            <Header className="menu-header">{t('languages.known')}</Header>
            {languages.map((language) => (
              <ListBoxItem
                key={language}
                id={language}
                className="menu-item"
                textValue={languageName(language, i18n.language)}
              >
                <span className="menu-item-label">{languageName(language, i18n.language)}</span>
                <span className="menu-item-note">{state(language)}</span>
              </ListBoxItem>
            ))}
          </ListBoxSection>
        </ListBox>
        <p className="menu-foot">{t('languages.more')}</p>
      </Popover>
    </Select>
  );
}

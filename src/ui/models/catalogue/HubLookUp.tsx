import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { Icon } from '../../shared/Icon.tsx';
import { HUB_SUGGESTIONS } from './hubSuggestions.ts';

interface Props {
  isDisabled: boolean;
  /** @param repository - as the reader named it */
  onLook: (repository: string) => void;
}

/** The Hub has too many models to list: the reader names one, or tries one of a few. */
export function HubLookUp({ isDisabled, onLook }: Props) {
  const { t } = useTranslation();
  const [repository, setRepository] = useState('');
  return (
    <Form
      className="look-up"
      onSubmit={(event) => {
        event.preventDefault();
        if (repository.trim() !== '') onLook(repository.trim());
      }}
    >
      <TextField className="look-up-name" value={repository} onChange={setRepository} autoComplete="off" spellCheck="false">
        <Label>{t('catalogue.repository')}</Label>
        <Input />
        <Text slot="description" className="quiet">
          {t('catalogue.repositoryHint')}
        </Text>
      </TextField>
      <Button type="submit" className="button" isDisabled={isDisabled}>
        <Icon name="search" size={18} />
        {t('catalogue.look')}
      </Button>
      <p className="suggestions">
        <span className="quiet">{t('catalogue.suggestions')}</span>
        {HUB_SUGGESTIONS.map((name) => (
          <Button
            key={name}
            className="button text-button"
            isDisabled={isDisabled}
            onPress={() => {
              setRepository(name);
              onLook(name);
            }}
          >
            {name}
          </Button>
        ))}
      </p>
    </Form>
  );
}

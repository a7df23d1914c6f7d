import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Term } from '../library/database.ts';
import { type Draft, keepDraft } from '../library/draft.ts';
import { listTerms } from '../library/glossary.ts';
import { useKeepOrTell, useNotify } from './shared/Notice.tsx';
import type { ChosenFile } from './shared/chosenFiles.ts';
import type { PanelName } from './shell/panel.ts';
import { readShared } from './translate/shareLink.ts';
import type { ModelInfo } from '../protocol/types.ts';
import { type Models, useModels } from './useModels.ts';
import { useReadyResumed } from './useReadyResumed.ts';

/** What lies on the reader's desk, whichever screen or panel looks at it. */
interface Desk {
  draft: Draft;
  changeDraft: (patch: Partial<Draft>) => void;
  replaceDraft: Replace;
  terms: Term[];
  reloadTerms: () => void;
  models: Models;
  panel: PanelName | null;
  openPanel: (panel: PanelName | null) => void;
  /** Files of a model that were given outside the panel of models, until it takes them. */
  broughtModel: ChosenFile[] | null;
  /** Opens the panel of models with such files; null: it has them. */
  bringModel: (files: ChosenFile[] | null) => void;
}

/** Puts another text on the desk. Gives what brings back the one that lay there, or null where none did. */
export type Replace = (patch: Partial<Draft>) => (() => void) | null;

const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk needs a DeskProvider above it.');
  return desk;
}

export const EMPTY_DRAFT: Draft = { source: '', from: 'auto', to: 'pt', picks: {} };

/** Writes follow the typing by at most this, and come at once when the page is hidden. */
const KEEP_MS = 200;

interface DeskProviderProps {
  initial: Draft;
  /** The models as they were listed last, or null. */
  remembered: ModelInfo[] | null;
  children: ReactNode;
}

export function DeskProvider({ initial, remembered, children }: DeskProviderProps) {
  const keepOrTell = useKeepOrTell();
  const [draft, setDraft] = useState(initial);
  const [terms, setTerms] = useState<Term[]>([]);
  const [panel, openPanel] = useState<PanelName | null>(null);
  const [broughtModel, setBroughtModel] = useState<ChosenFile[] | null>(null);
  const bringModel = useCallback((files: ChosenFile[] | null) => {
    setBroughtModel(files);
    if (files) openPanel('models');
  }, []);
  const models = useModels(remembered);
  useReadyResumed(models.refresh);
  const changeDraft = useCallback((patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch })), []);
  const reloadTerms = useCallback(() => keepOrTell(listTerms().then(setTerms)), [keepOrTell]);

  useEffect(() => reloadTerms(), [reloadTerms]);
  useEffect(() => {
    const keep = (): void => keepOrTell(keepDraft(draft));
    const timer = setTimeout(keep, KEEP_MS);
    document.addEventListener('visibilitychange', keep);
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', keep);
      removeEventListener('pagehide', keep);
    };
  }, [draft, keepOrTell]);
  const replaceDraft = useReplace(draft, changeDraft);
  useSharedText(replaceDraft);

  const desk = useMemo(
    () => ({
      draft,
      changeDraft,
      replaceDraft,
      terms,
      reloadTerms,
      models,
      panel,
      openPanel,
      broughtModel,
      bringModel,
    }),
    [draft, changeDraft, replaceDraft, terms, reloadTerms, models, panel, broughtModel, bringModel],
  );
  return <DeskContext value={desk}>{children}</DeskContext>;
}

function useReplace(draft: Draft, changeDraft: (patch: Partial<Draft>) => void): Replace {
  const before = useRef(draft);
  useEffect(() => {
    before.current = draft;
  }, [draft]);
  return useCallback(
    (patch) => {
      const replaced = before.current;
      changeDraft(patch);
      const nothingLost = replaced.source.trim() === '' || replaced.source === patch.source;
      return nothingLost ? null : () => changeDraft(replaced);
    },
    [changeDraft],
  );
}

/** Opens the text in the page's fragment, now and whenever the fragment changes; what lay there can be had back. */
function useSharedText(replaceDraft: Replace): void {
  const notify = useNotify();
  const { t } = useTranslation();
  useEffect(() => {
    const open = (): void => {
      const shared = readShared(location.hash);
      if (!shared) return;
      // Gone from the address, or a reload would put the shared text over what was typed since.
      history.replaceState(history.state, '', location.pathname + location.search);
      const to = shared.to === null ? {} : { to: shared.to };
      const bringBack = replaceDraft({ source: shared.text, from: shared.from ?? 'auto', picks: {}, ...to });
      if (bringBack) notify(t('share.opened'), { label: t('share.back'), run: bringBack });
      else notify(t('share.opened'));
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [replaceDraft, notify, t]);
}

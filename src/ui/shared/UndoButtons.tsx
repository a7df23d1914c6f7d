import { useTranslation } from 'react-i18next';
import { IconButton } from './IconButton.tsx';

interface Props {
  canUndo: boolean;
  canRedo: boolean;
  undo: () => void;
  redo: () => void;
}

export function UndoButtons({ canUndo, canRedo, undo, redo }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <IconButton icon="undo" label={t('undo')} shortcut="Ctrl+Z" isDisabled={!canUndo} onPress={undo} />
      <IconButton icon="redo" label={t('redo')} shortcut="Ctrl+Shift+Z" isDisabled={!canRedo} onPress={redo} />
    </>
  );
}

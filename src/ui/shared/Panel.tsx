import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './IconButton.tsx';
import './panel.css';

interface Props {
  title: string;
  size?: 'wide';
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page: in the middle of wide screens, the whole of narrow ones. Escape and a click beside it close it. */
export function Panel({ title, size, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={size ? `panel ${size}` : 'panel'}>
        <Dialog className="panel-dialog">
          <header className="panel-header">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" label={t('close')} onPress={onClose} />
          </header>
          {/* A stop for the keyboard, or a long panel without controls could not be scrolled. */}
          <div className="panel-body" tabIndex={0}>
            {children}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

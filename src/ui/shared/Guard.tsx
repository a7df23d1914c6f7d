import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';
import { Button } from 'react-aria-components';

/** Stands in for a page that broke: what was typed is kept on the device, so that a reload brings it back. */
export class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <main className="broken" role="alert">
            <p>{t('errors.page')}</p>
            <Button className="button primary" onPress={() => location.reload()}>
              {t('errors.reload')}
            </Button>
          </main>
        )}
      </Translation>
    );
  }
}

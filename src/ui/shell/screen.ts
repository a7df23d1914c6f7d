/** The doors, by the fragments of their addresses. */
export type DoorId = 'translate' | 'listen' | 'see' | 'summarise';

/** What every screen is given. */
export interface ScreenProps {
  /** Whether it is the one that is seen. */
  isShown: boolean;
}

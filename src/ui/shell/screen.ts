/** What every screen is given. */
export interface ScreenProps {
  /** Whether it is the one that is seen. */
  isShown: boolean;
}

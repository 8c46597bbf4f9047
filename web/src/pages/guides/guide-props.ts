/** What every guide is given. */
export interface GuideProps {
  readonly accountId: string;
}

import classes from './http-view.module.css';

/** Pairs of name and value, in the order in which they travel. */
export type HeaderPairs = readonly (readonly string[])[];

/** The headers of a request or an answer, exactly. */
export function HeaderList({ headers }: { readonly headers: HeaderPairs }) {
  return (
    <dl className={classes.headers}>
      {headers.map(([name = '', value = ''], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the order stays
        <div key={place} style={{ display: 'contents' }}>
          <dt className="exact">{name}</dt>
          <dd className="exact">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

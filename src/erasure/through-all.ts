/** Goes on from place to place, to the end. @param next `null`: that was all */
export async function throughAll<P>(next: (from: P | null) => Promise<P | null>): Promise<void> {
  for (let place = await next(null); place !== null; ) place = await next(place);
}

import { describe, expect, it } from 'vitest';
import { PaceNews } from './pace-news.ts';

const steady = (perSecond: number | null) => ({ perSecond, isSearching: false });

describe('a learnt pace', () => {
  it('is told some seconds after it was found, not while it is looked for', () => {
    const news = new PaceNews();
    expect(news.look(steady(null), 0)).toBeNull();
    expect(news.look({ perSecond: 40, isSearching: true }, 100)).toBeNull();
    expect(news.look(steady(15), 200)).toBeNull();
    expect(news.look(steady(9), 5_100)).toEqual({ perSecond: 9 });
    expect(news.look(steady(9), 60_000)).toBeNull();
  });

  it('is told again when it is another by a tenth, every five seconds at most', () => {
    const news = new PaceNews();
    news.look(steady(10), 0);
    expect(news.look(steady(10.9), 60_000)).toBeNull();
    expect(news.look(steady(11), 60_000)).toEqual({ perSecond: 11 });
    expect(news.look(steady(22), 62_000)).toBeNull();
    expect(news.look(steady(22), 65_000)).toEqual({ perSecond: 22 });
  });

  it('is told to be forgotten at once, and once', () => {
    const news = new PaceNews();
    news.look(steady(10), 0);
    expect(news.look(steady(null), 1)).toEqual({ perSecond: null });
    expect(news.look(steady(null), 10_000)).toBeNull();
  });
});

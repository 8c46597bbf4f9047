import { limitError } from '../../core/account-limits.ts';
import { HookwireError, invalidInput } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';
import { notFound } from '../answers/not-found.ts';
import type { Caller } from '../callers/caller.ts';
import type { Services } from '../services.ts';
import { deliveriesOf, eventsOf } from './deliveries.ts';
import { peopleOf } from './people.ts';
import type { AccountReach, PlatformReach, Reach, Things } from './reach.ts';
import { accountWebhooks, webhooksOf } from './webhooks.ts';
import { findable, type Whose } from './whose.ts';

/** What an account and the platform have alike, but for finding accounts. */
type Common = Omit<Things, 'of' | 'own' | 'account' | 'webhooks'>;

function commonOf(services: Services, whose: Whose): Common {
  const { accountId } = whose;
  const { directory, tasks, erasures } = services;
  return {
    senders: {
      ...findable('sender', async (id) => {
        const sender = await directory.getSender(id);
        if (!sender || !whose.includes(sender.accountId)) return null;
        return { sender, delete: async () => void (await directory.deleteSender(id)) };
      }),
      list: (filter, page) => directory.listSenders({ ...filter, accountId }, page),
    },
    deliveries: deliveriesOf(services, whose),
    events: eventsOf(services, whose),
    tasks: {
      ...findable('task', async (id) => {
        const task = (await tasks.get(id)) ?? (await erasures.get(id));
        if (!task || !whose.includes(task.accountId)) return null;
        return {
          task,
          async cancel() {
            if ('counts' in task) return task;
            const ended = await tasks.cancel(id);
            if (!ended) throw notFound('task', id);
            return ended;
          },
        };
      }),
      list: (page) => tasks.list({ accountId }, page),
    },
    erasures: {
      create: (request) => erasures.create({ ...request, accountId }),
      list: (page) => erasures.list({ accountId }, page),
    },
    people: peopleOf(() => services.people.manage, whose),
    audit: { list: (filter, page) => services.audit.list({ ...filter, accountId }, page) },
    stats: { totals: (range) => services.stats.ofAccount(accountId, range) },
    async sendTest(config, event, secrets) {
      const most = accountId === null ? null : services.limits.of(accountId).tests;
      const leave = services.testPlaces.take(accountId, most);
      if (leave === 'account') throw limitError('tests', most ?? 0);
      if (leave === 'all') {
        const detail = 'As many tests are under way as the gateway sends at once. Try again in a moment.';
        throw new HookwireError('slow_down', detail, { retryAfterSeconds: 5 });
      }
      try {
        return await services.trial.send(config, event, secrets, accountId);
      } finally {
        leave();
      }
    },
    watch: (of, filter, listener) =>
      services.live.join(accountId, { ...filter, accountId: accountOf(of) }, listener),
  };
}

function accountOf(reach: Reach): string | null {
  return reach.kind === 'account' ? reach.accountId : null;
}

/** What one account can get at. */
function createAccountReach(services: Services, accountId: string): AccountReach {
  const { directory, limits } = services;

  function requireOwn(named: string): AccountReach {
    if (named !== accountId) throw notFound('account', named);
    return reach;
  }

  const whose = {
    accountId,
    includes: (owner: string | null) => owner === accountId,
    ownerOf: requireOwn,
  };
  const common = commonOf(services, whose);
  const reach: AccountReach = {
    ...common,
    kind: 'account',
    accountId,
    of: (named?: string) => (named === undefined ? reach : requireOwn(named)),
    own: async (named) => (named === undefined ? reach : requireOwn(named)),
    async account(id) {
      const own = requireOwn(id);
      if (!(await own.record())) throw notFound('account', id);
      return own;
    },
    record: () => directory.getAccount(accountId),
    usage: () => limits.usage(accountId),
    keys: {
      list: (page) => directory.listKeys(accountId, page),
      async create(made, hash, kept) {
        const most = limits.of(accountId).keys;
        if (!(await directory.createKey({ ...made, accountId }, hash, most, kept)))
          throw limitError('keys', most ?? 0);
      },
      delete: (id) => directory.deleteKey(accountId, id),
    },
    webhooks: accountWebhooks(services, whose),
    senders: {
      ...common.senders,
      async create(made, kept) {
        const most = limits.of(accountId).senders;
        const created = await directory.createSender({ ...made, accountId }, most, kept);
        if (created === 'full') throw limitError('senders', most ?? 0);
        if (!created) {
          const detail = `The account has the sender "${made.productUniqueId}" already.`;
          throw new HookwireError('conflict', detail);
        }
      },
    },
    tasks: { ...common.tasks, create: (request) => services.tasks.create({ ...request, accountId }) },
    people: {
      ...common.people,
      invite: (person, by) => services.people.manage.invite({ ...person, accountId }, by),
    },
    issuePortalLink: (request) => services.portalLinks.issue({ ...request, accountId }),
  };
  return reach;
}

/** What an operator can get at: everything. */
function createPlatformReach(
  services: Services,
  ofAccount: (accountId: string) => AccountReach,
): PlatformReach {
  const { directory } = services;
  const whose = { accountId: null, includes: () => true, ownerOf: ofAccount };
  const common = commonOf(services, whose);

  function of(named: string): AccountReach;
  function of(named: string | undefined): Reach;
  function of(named: string | undefined): Reach {
    return named === undefined ? reach : ofAccount(named);
  }

  const reach: PlatformReach = {
    ...common,
    kind: 'platform',
    of,
    async own(named) {
      if (named === undefined) {
        const message = 'is required: an operator key names the account.';
        throw invalidInput([{ path: 'accountId', message }]);
      }
      if (!(await directory.getAccount(named))) {
        throw invalidInput([{ path: 'accountId', message: `There is no account "${shown(named)}".` }]);
      }
      return ofAccount(named);
    },
    async account(id) {
      if (!(await directory.getAccount(id))) throw notFound('account', id);
      return ofAccount(id);
    },
    webhooks: webhooksOf(services, whose),
    people: {
      ...common.people,
      inviteOperator: (person) =>
        services.people.manage.invite({ ...person, role: 'operator', accountId: null }, 'operator'),
    },
    accounts: {
      list: (page) => directory.listAccounts(page),
      get: (id) => directory.getAccount(id),
      create: (made, kept) => directory.createAccount(made, kept),
      change: (id, change) => directory.changeAccount(id, change),
      delete: (id) => directory.deleteAccount(id),
      async deleted(id, by) {
        await services.webhooks.accountDeleted(id);
        return services.erasures.deleteAccount(id, by);
      },
      removing: (id) => services.erasures.removing(id),
    },
  };
  return reach;
}

/** Who can get at what. */
export interface Reaches {
  /** An operator who works in an account has the account's. */
  of(caller: Caller): Reach;
  /** Of an operator alone. */
  platformOf(caller: Caller): PlatformReach;
}

/** A reach holds nothing, but making one costs 2 µs, of the 100 that a call with one event has. */
const mostRemembered = 1_000;

export function createReaches(services: Services): Reaches {
  const accounts = new Map<string, AccountReach>();
  const platform = createPlatformReach(services, ofAccount);

  function ofAccount(accountId: string): AccountReach {
    let reach = accounts.get(accountId);
    if (!reach) {
      reach = createAccountReach(services, accountId);
      if (accounts.size >= mostRemembered) accounts.clear();
      accounts.set(accountId, reach);
    }
    return reach;
  }

  return {
    of: ({ accountId }) => (accountId === null ? platform : ofAccount(accountId)),
    platformOf({ accountId, role }) {
      if (accountId === null || role === 'operator') return platform;
      throw new HookwireError('internal', 'A route for operators let somebody else in.');
    },
  };
}

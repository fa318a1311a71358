import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { listEvents } from "@/lib/auth/admin/list-events.ts";
import { listUsers } from "@/lib/auth/admin/list-users.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { systemClock } from "@/lib/base/clock.ts";
import { EventListFilter, SessionListFilter, UserListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { Page } from "@/lib/contract/pages.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { type Findings, factRow, grouped, milliseconds, type Row } from "./kit/report.ts";
import { addPeople } from "./kit/seed.ts";
import { addHistory } from "./kit/seed-history.ts";
import { median } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const PEOPLE = 100_000;
const SESSIONS_EACH = 20;
const EVENTS = 1_000_000;
const LIMIT_MS = 50;
const DEEP_PAGE = 100;
const ROUNDS = 9;

type Ask = (query: URLSearchParams) => Promise<{ kind: "listed"; page: Page<unknown> } | Failure>;
type List = { what: string; ask: Ask; filters: Record<string, string>[] };

/**
 * Every list of the admin's, with two million sessions in the table: the first page and the hundredth, or the last
 * where there are fewer, take at most 50 ms of database time each. The verb is timed, which takes a little longer.
 */
export function measureAdminLists(): Promise<Findings> {
  return withWorld(async (world) => {
    await world.app.db.$client`set statement_timeout = 0`;
    await addPeople(world.app, "owner", PEOPLE);
    await addHistory(world.app, { prefix: "owner", sessionsEach: SESSIONS_EACH, events: EVENTS });
    const rows: Row[] = [];
    for (const list of await lists(world)) {
      for (const filter of list.filters) rows.push(await measure(list, filter));
    }
    const sessions = grouped(PEOPLE * SESSIONS_EACH);
    const extent = `${sessions} sessions of ${grouped(PEOPLE)} people and ${grouped(EVENTS)} events`;
    return {
      rows,
      notes: [
        `Admin lists: ${extent}; first page / page ${DEEP_PAGE} or the last; 25 a page, median of ${ROUNDS}; the table is in no order.`,
      ],
    };
  });
}

async function lists({ app }: World): Promise<List[]> {
  const [someone] = await app.db.$client<{ id: string }[]>`select user_id as id from sessions limit 1`;
  const user = someone?.id ?? "";
  const [acting] = await app.db.$client<{ id: string }[]>`
    select actor_id as id from audit_events where actor_id is not null limit 1`;
  const actor = acting?.id ?? "";
  const admin = { user: { role: "admin", isActive: true } } as unknown as Principal;
  const device = { ip: null, userAgent: "" };
  const call = { app, principal: admin, device, now: systemClock.now() };
  return [
    {
      what: "sessions",
      ask: (query) => withListQuery(query, SessionListFilter, (asked) => listAllSessions(call, asked)),
      filters: [
        {},
        { user },
        { state: "outstanding" },
        { state: "blacklisted" },
        { state: "expired" },
        { reason: "logged_out" },
        { reason: "replaced" },
        { ip: "10.1.0.0/16" },
        { ip: "192.0.2.1" },
        { ip: "10.1.0.0/16", state: "blacklisted" },
      ],
    },
    {
      what: "people",
      ask: (query) => withListQuery(query, UserListFilter, (asked) => listUsers(call, asked)),
      filters: [{}, { search: "owner-7" }, { search: "person 99" }, { is_active: "true" }, { role: "admin" }],
    },
    {
      what: "events",
      ask: (query) => withListQuery(query, EventListFilter, (asked) => listEvents(call, asked)),
      filters: [
        {},
        { user },
        { actor },
        { actor, type: "login.failed" },
        { type: "login.failed" },
        { from: "2000-01-01T00:00:00Z" },
      ],
    },
  ];
}

async function measure({ what, ask }: List, filter: Record<string, string>): Promise<Row> {
  const first = new URLSearchParams(filter);
  const deep = new URLSearchParams(first);
  for (let page = 1; page < DEEP_PAGE; page += 1) {
    const { next } = await pageOf(ask, deep);
    if (next === null) break;
    deep.set("cursor", next);
  }
  const times = [await time(ask, first), await time(ask, deep)];
  const named = Object.keys(filter).length === 0 ? "all" : shown(filter);
  const within = times.every((ms) => ms <= LIMIT_MS);
  return factRow(`Admin: ${what}, ${named}`, times.map(milliseconds).join(" / "), `≤ ${LIMIT_MS} ms`, within);
}

function shown(filter: Record<string, string>): string {
  return Object.entries(filter)
    .map(([name, value]) => (name === "user" || name === "actor" ? name : `${name} ${value}`))
    .join(", ");
}

async function time(ask: Ask, query: URLSearchParams): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    await pageOf(ask, query);
    taken.push(performance.now() - startMs);
  }
  return median(taken);
}

async function pageOf(ask: Ask, query: URLSearchParams): Promise<Page<unknown>> {
  const outcome = await ask(query);
  if (outcome.kind !== "listed") throw new Error(`the list is refused: ${outcome.detail}`);
  return outcome.page;
}

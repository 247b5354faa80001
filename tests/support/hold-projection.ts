// A read model that stands still for as long as a test wants: what is shown and done meanwhile is decided, not raced for.
import type { Client } from 'pg'

const lock = 4711

/** Its position moves no further, in its tables (`live`) or in those of a rebuild (`next`), until what is returned is called. */
export const holdProjection = async (
  database: Client,
  name: string,
  role: 'live' | 'next',
): Promise<() => Promise<void>> => {
  await database.query(`
    CREATE OR REPLACE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(${lock}); RETURN NEW; END $$;
    CREATE OR REPLACE TRIGGER held BEFORE UPDATE ON casebook.projection FOR EACH ROW
      WHEN (NEW.name = '${name}' AND NEW.role = '${role}' AND NEW.position IS DISTINCT FROM OLD.position)
      EXECUTE FUNCTION held();
    SELECT pg_advisory_lock(${lock});`)
  return async () => {
    await database.query(`SELECT pg_advisory_unlock(${lock})`)
  }
}

/** One batch of what is held goes on, if one waits: whoever waits for the lock takes it in between. */
export const letOneBatchGo = async (database: Client): Promise<void> => {
  await database.query(`SELECT pg_advisory_unlock(${lock}); SELECT pg_advisory_lock(${lock})`)
}

/** A batch of what is held waits to go on. */
export const isBatchHeld = async (database: Client): Promise<boolean> =>
  (await database.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${lock} AND NOT granted`))
    .rowCount === 1

-- The books on SQLite. The same tables, columns and order as on PostgreSQL; tests/store.rs holds the two against each other.
--
-- Facts are only ever added; a correction is a counter-fact. Working tables are changed in the transaction of the fact and can be rebuilt
-- from facts. Each table says which it is. Amounts are minor units with the currency beside them, rates and quantities decimal text inside
-- the models, models canonical JSON text (hashed, so never jsonb). Ids are drawn by the writer, one after the other, while it holds the
-- lock on the books: so they have no holes, and the same history gives the same ids on both engines.
-- Dates are ISO text, instants ISO text in UTC. Per connection: journal_mode = wal, synchronous = full, foreign_keys = on,
-- recursive_triggers = on, a busy timeout.

-- 1. Words. A kind is a row here, so that a new one is an insert; what queries ask of a kind is a column, so that none lists kinds. (A check
--    list would mean rebuilding the table on SQLite. Checks and the conditions of indexes cannot look into another table: they list accounts
--    and sorts of keys.) Words that nothing writes yet say what they wait for.

-- The tables of facts that lines of the journal name: src/shell/store/registry.rs says what they hold.
create table fact (name text primary key) strict, without rowid;
insert into fact values ('books'), ('blob'), ('book_version'), ('run'), ('job_run'), ('revision'), ('act'), ('decision'), ('document'),
    ('document_file'), ('document_link'), ('contract_period'), ('bank_file'), ('statement'), ('entry'), ('sighting'), ('payment'),
    ('letter'), ('letter_item'), ('letter_event'), ('attempt'), ('batch'), ('posting');
create table subject_kind (name text primary key) strict, without rowid;
insert into subject_kind values ('books'), ('customer'), ('contract'), ('document'), ('payment'), ('letter'), ('bank_account'),
    ('book_version'), ('statement'), ('batch'), ('act'), ('bank_file');
-- `charge`: charges that wait for the next invoice.
create table contract_kind (name text primary key) strict, without rowid;
insert into contract_kind values ('recurring'), ('once'), ('quote'), ('charge');
-- `asks_for_payment`: the customer is to pay it; it can be late, and letters can ask for it. `is_paid_out`: we are to pay it.
-- `credit_note`, `cancellation`: corrections.
create table document_kind (
    name             text primary key,
    asks_for_payment integer not null,
    is_paid_out      integer not null
) strict, without rowid;

insert into document_kind values ('invoice', true, false), ('credit_note', false, false), ('cancellation', false, false),
    ('quote', false, false), ('confirmation', false, false), ('dunning', false, false),
    ('withdrawal', false, false), ('refund', false, true);

create table link_kind (name text primary key) strict, without rowid;
insert into link_kind values ('cancels'), ('corrects'), ('deducts'), ('follows');
-- `is_claim`: what a customer owes on a document. `is_money`: where money comes in and goes out.
create table posting_account (
    name     text primary key,
    is_claim integer not null,
    is_money integer not null
) strict, without rowid;

insert into posting_account values ('principal', true, false), ('fee', true, false), ('interest', true, false), ('credit', false, false),
    ('bank', false, true), ('cash', false, true), ('clearing', false, true), ('payer', false, false), ('discount', false, false),
    ('rounding', false, false), ('waiver', false, false), ('writeoff', false, false), ('bank_charge', false, false),
    ('revenue', false, false);

create table batch_kind (name text primary key) strict, without rowid;
insert into batch_kind values ('issue'), ('receipt'), ('allocation'), ('claim'), ('return'), ('refund'), ('credit'), ('correction'), ('opening'), ('set_off'), ('writeoff');
create table receivable_state (name text primary key) strict, without rowid;
insert into receivable_state values ('open'), ('partially_paid'), ('paid'), ('cancelled'), ('written_off'), ('credited');
-- `reading`: whose text of an entry is read where several saw it: the lowest. `csv`: statements of banks that offer nothing else.
create table statement_kind (
    name    text primary key,
    reading integer not null
) strict, without rowid;

insert into statement_kind values ('camt.053', 0), ('mt940', 1), ('camt.052', 2), ('camt.054', 3), ('csv', 3), ('confirmed', 3);

-- `teaches`: payments are tried again, because a payer is known or unknown now, or less is owed. `note`: notes on a customer; `end`, `skip`: contracts ended
-- and periods skipped by command.
create table act_kind (
    name    text primary key,
    teaches integer not null
) strict, without rowid;

insert into act_kind values ('golive', false), ('hold', false), ('release', false), ('promise', false), ('dispute', false), ('note', false),
    ('pause', false), ('resume', false), ('end', false), ('skip', false), ('insolvent', false), ('learn_iban', true),
    ('forget_iban', true), ('ignore', false), ('send', false), ('extend', false), ('accept', false), ('decline', false),
    ('handover', false), ('discard', false), ('pursue', false), ('late_discount', false), ('settle', false), ('writeoff', false),
    ('agree', true);

-- What was decided: on an invoice or a contract, on a payment, on the books.
create table verdict_kind (name text primary key) strict, without rowid;
insert into verdict_kind values ('issued'), ('waiting'), ('undelivered'), ('last_stage'), ('held'), ('announced'), ('letter'), ('agreed'),
    ('auto'), ('suggest'), ('hold'), ('return'), ('ignore'), ('own_transfer'), ('assigned'), ('unassigned'), ('split'), ('ignored'),
    ('ok'), ('failed'), ('misconfigured'), ('begun'), ('over'), ('left');
-- `is_by_hand`: a person delivers it, and says so; the sender leaves it alone.
create table delivery (
    name       text primary key,
    is_by_hand integer not null
) strict, without rowid;

insert into delivery values ('mail', false), ('post', true), ('portal', true);

-- `is_dunning`: a stage of dunning. `asks_for_payment`: it does not leave while a bank file waits.
create table letter_kind (
    name             text primary key,
    is_dunning       integer not null,
    asks_for_payment integer not null
) strict, without rowid;

insert into letter_kind values ('invoice', false, false), ('reminder', true, true), ('dunning', true, true), ('withdrawal', false, false),
    ('quote', false, false), ('confirmation', false, false), ('notice', false, true), ('correction', false, false), ('announcement', false, false),
    ('summary', false, false), ('alarm', false, false);

-- `may_be_sent`: the sender may take it up. `is_under_way`: the letter may still leave, or may have left. `needs_person`: somebody has to
-- look after it.
create table outbox_state (
    name         text primary key,
    may_be_sent  integer not null,
    is_under_way integer not null,
    needs_person integer not null
) strict, without rowid;

insert into outbox_state values ('queued', true, true, false), ('sending', false, true, false), ('accepted', false, false, false),
    ('deferred', true, true, false), ('refused', false, false, true), ('unclear', false, true, true), ('withdrawn', false, false, false);

create table key_kind (name text primary key) strict, without rowid;
insert into key_kind values ('rf'), ('qrr'), ('number'), ('digits'), ('digits_short'), ('customer'), ('iban'), ('name'),
    ('contract'), ('payer_text');
-- Words. `counts`: the stage is reached. `undoes`: the round is over and the stage has not been reached; the next round may begin.
create table letter_event_kind (
    name   text primary key,
    counts integer not null,
    undoes integer not null
) strict, without rowid;

insert into letter_event_kind values ('accepted', true, false), ('posted', true, false), ('deferred', false, false),
    ('partly_refused', false, false), ('unclear', false, false), ('refused', false, true), ('bounced', false, true), ('recalled', false, true),
    ('withdrawn', false, true);

-- 2. The books, and who wrote in them when.

-- Fact, one row. The id made at `init` that every Message-ID hashes. On PostgreSQL a writer locks this row (`for update`)
-- before it draws ids and appends to the journal, so there is no head table; on SQLite `begin immediate` does that.
create table books (
    id         integer primary key,
    books_key  text not null,
    created_at text not null,
    constraint books_key_once unique (books_key),
    constraint books_one_row check (id = 1)
) strict;

-- Fact. Bytes by their hash: papers, attachments, configurations, files of the book, mails that came in. Never read by a job that decides.
create table blob (
    id     integer primary key,
    sha256 text not null,
    bytes  blob not null,
    constraint blob_key unique (sha256)
) strict;

-- Fact. What was in force: each apply and each accepted reload of the configuration adds one. The book itself lies in `revision`;
-- its state at version V is the last revision of each subject up to V. One id covers both, so a run names one thing.
create table book_version (
    id                   integer primary key,
    book_sha256          text not null,
    configuration_sha256 text not null references blob (sha256),
    recorded_at          text not null
) strict;

-- Fact. One wake-up of the daemon, one pass of the sender, or one command that wrote something; an idle wake-up leaves no row.
-- `today` is fixed for the whole run. Everything below names its run, and through it version, day and person.
create table run (
    id              integer primary key,
    today           text not null,
    started_at      text not null,
    book_version_id integer not null references book_version,
    command         text not null,  -- "run", "send", "apply", "assign P-1 RE-2026-0001"
    person          text not null,  -- the system's user name
    program         text not null   -- version of the binary: names the shipped table of base rates and the rules
) strict;

-- Fact. The job is done for this civil day; written in its last transaction, so a killed job is simply done again.
create table job_run (
    id     integer primary key,
    job    text not null,
    due_on text not null,
    run_id integer not null references run,
    constraint job_run_key unique (job, due_on)
) strict;

-- Working. Who runs the day on PostgreSQL; the token is checked in its writes. On SQLite a file lock does this and the table stays
-- empty.
create table lease (
    name     text primary key,
    holder   text not null,
    token    integer not null,
    until_at text not null
) strict, without rowid;

-- Fact. The chain: hash = sha256(previous hash, all other columns). Each transaction ends with one line for each table of facts that it
-- added to: 100,000 payments are some hundred lines, not 100,000. A line names rows by the first column of their table, their own id or that
-- of what they hang on, and covers every column of each. What no line names was not written by this program.
create table journal (
    seq         integer primary key,
    fact        text not null references fact,
    first_id    integer not null,
    last_id     integer not null,
    digest      text not null,  -- over the canonical form of the rows, in the order of their key
    recorded_at text not null,
    run_id      integer references run,  -- null: at `init`, and when a configuration comes into force; a run names what is in force
    hash        text not null,
    constraint journal_fact_key unique (fact, first_id),
    constraint journal_range check (last_id >= first_id)
) strict;

-- 3. Agreements: what the owner wrote, what happened since, what was decided. Three tables hang on a subject (kind, id):
--    `revision` (agreed), `act` (happened), `decision` (decided). Read together by id they are the customer's history and `why`.

-- Working. The identity that money hangs on, with the number now in force; number and name follow the last revision.
create table customer (
    id     integer primary key,
    number text not null,
    name   text not null,
    constraint customer_number_key unique (number)
) strict;

-- Working. Whatever the book says is to be invoiced: a recurring contract, a one-off invoice, a quote, a charge waiting for the next
-- invoice. All share number, history, vanishing, and "each period once" (a one-off has one period).
create table contract (
    id          integer primary key,
    kind        text not null references contract_kind,
    customer_id integer not null references customer,
    number      text not null,
    next_on     text,  -- the day the next period is to be issued; null: ended, held, vanished or done
    constraint contract_number_key unique (number)
) strict;
create index contract_due on contract (next_on, id) where next_on is not null;
create index contract_customer on contract (customer_id);

-- Fact. What the book said of a customer or contract from a version on: canonical, versioned JSON, and the file that it was read from. null:
-- the entry vanished from the files. An older state with the same `valid_from` stays; the last one by (valid_from, book_version_id) counts.
create table revision (
    id              integer primary key,
    subject_kind    text not null references subject_kind,
    subject_id      integer not null,
    book_version_id integer not null references book_version,
    valid_from      text not null,
    model           text,
    file_sha256     text references blob (sha256),
    constraint revision_key unique (subject_kind, subject_id, valid_from, book_version_id),
    constraint revision_whole check ((model is null) = (file_sha256 is null))
) strict;

-- What stands of a subject: its latest revision. `model`: null when the entry vanished; `last_model`: what the book said last, all the same.
create view current_revision as
select r.subject_kind, r.subject_id, r.model,
       coalesce(r.model, (select p.model from revision p
                          where p.subject_kind = r.subject_kind and p.subject_id = r.subject_id and p.model is not null
                          order by p.valid_from desc, p.book_version_id desc limit 1)) as last_model
from revision r
where not exists (select 1 from revision n where n.subject_kind = r.subject_kind and n.subject_id = r.subject_id
                  and (n.valid_from, n.book_version_id) > (r.valid_from, r.book_version_id));

-- Fact. What is done by command, by a reply, or learned: hold, promise, dispute, note, pause, end, learned IBAN, golive. An act is ended
-- by another act (release, forget), never changed. Acts win over the files. A subject has few: they are folded when it is looked at.
create table act (
    id           integer primary key,
    kind         text not null references act_kind,
    subject_kind text not null references subject_kind,
    subject_id   integer not null,
    from_on      text not null,
    until_on     text,  -- null: until ended
    reason       text not null,
    model        text,  -- instalments, the IBAN, the amount: what the kind needs
    ends_id      integer references act,
    once_key     text,  -- what must not happen twice: the token of an owner's mail, "learn K-1001 DE..."
    run_id       integer not null references run,
    constraint act_once_key unique (once_key)
) strict;
create index act_subject on act (subject_kind, subject_id, id);
create index act_ends on act (ends_id) where ends_id is not null;

-- Fact. Why something was done or not: written when rule, verdict, facts or next day change. `facts` is what the rule saw, base rates and
-- the rule of [[bank.rule]] included; the book version is the run's. `why` reads this table and computes nothing.
create table decision (
    id           integer primary key,
    subject_kind text not null references subject_kind,
    subject_id   integer not null,
    rule         text not null,  -- "D5 bank_stale", "M R3", "bank.rule tax office"
    verdict      text not null references verdict_kind,
    facts        text not null,
    next_on      text,           -- when something can happen next
    run_id       integer not null references run
) strict;
create index decision_subject on decision (subject_kind, subject_id, id);

-- 4. Documents.

-- Working. Last number of a series in its reset period. Moves from exactly the value read, in the transaction that stores the document;
-- it starts where the owner's last system stopped and `recover` raises it, so it is not max(sequence).
create table counter (
    series        text not null,
    number_period text not null,  -- "2026", or "" when the series is never reset
    last          integer not null,
    constraint counter_key primary key (series, number_period)
) strict, without rowid;

-- Fact. Everything with a number that goes to a customer, and open items taken over (their series is null). The model is the document;
-- columns repeat only what is looked up. A dunning letter is a document too, so a payment may quote its reference.
create table document (
    id            integer primary key,
    kind          text not null references document_kind,
    customer_id   integer not null references customer,
    number        text not null,
    series        text,
    number_period text,
    sequence      integer,
    issued_on     text not null,
    currency      text not null,
    gross         integer not null,  -- minor units, negative for what lowers the debt
    model         text not null,
    run_id        integer not null references run,
    constraint document_number_key unique (number),
    constraint document_sequence_key unique (series, number_period, sequence),
    constraint document_series_whole check ((series is null) = (sequence is null) and (series is null) = (number_period is null))
) strict;
create index document_customer on document (customer_id, issued_on, id);

-- Fact. The bytes of a document as they left: PDF, XRechnung, time sheet.
create table document_file (
    document_id integer not null references document,
    name        text not null,
    sha256      text not null references blob (sha256),
    constraint document_file_key primary key (document_id, name)
) strict, without rowid;

-- Fact. How documents hang together. Cancelled is what a `cancels` points at: at most once.
create table document_link (
    id      integer primary key,
    from_id integer not null references document,
    to_id   integer not null references document,
    kind    text not null references link_kind,
    constraint document_link_key unique (from_id, to_id, kind)
) strict;
create index document_link_to on document_link (to_id, kind);
create unique index document_cancelled_once on document_link (to_id) where kind = 'cancels';

-- Fact. The period is done, for ever: invoiced by this document, or skipped (null: paused, `--skip-until`). Its cancellation does not
-- reopen it; a replacement is the next revision. Several contracts may share one invoice, so document_id is not unique.
create table contract_period (
    id          integer primary key,
    contract_id integer not null references contract,
    starts_on   text not null,
    revision    integer not null,
    ends_on     text not null,
    document_id integer references document,
    constraint contract_period_key unique (contract_id, starts_on, revision),
    constraint contract_period_order check (ends_on >= starts_on)
) strict;
create index contract_period_document on contract_period (document_id) where document_id is not null;

-- 5. Bank. Files say what they saw (sighting), the books hold it once (entry), the matcher works on payments.

-- Working. Follows the configuration; `covered_through` follows the chain of statements (null: none, or broken from the start).
-- `unproved_through`: the last day of the last stretch of it whose entries do not add up and that the owner has not settled.
create table bank_account (
    id              integer primary key,
    name            text not null,
    currency        text not null,
    gates_dunning   integer not null,
    receives_from   text,
    opened_on       text,
    closed_on       text,
    covered_through text,
    unproved_through text,
    constraint bank_account_name_key unique (name)
) strict;

-- Working. IBAN, QR-IBAN, number at the bank. With the currency, because some banks keep several under one IBAN. What sort it is
-- can be seen from the value.
create table bank_account_identifier (
    value           text not null,
    currency        text not null,
    bank_account_id integer not null references bank_account,
    constraint bank_account_identifier_key primary key (value, currency)
) strict, without rowid;

-- Fact. One XML document (member of a ZIP: its name) that was booked or refused; the bytes stay in done/ or rejected/. Written
-- with its statements, so it needs no state; the file in work/ is the memory of the unfinished.
create table bank_file (
    id               integer primary key,
    name             text not null,
    member           text not null,  -- "" when it was no archive
    sha256           text not null,
    rejected_because text,           -- null: booked
    model            text,           -- of a refused one that may tell of payments: of which accounts and days
    run_id           integer not null references run
) strict;
create unique index bank_file_once on bank_file (sha256, member) where rejected_because is null;
create index bank_file_unbooked on bank_file (id) where model is not null;

-- Fact. Booked once by what it says (digest over account, balances and entries: other white space is the same statement). `settled bank
-- confirm` is a statement without a file. Coverage is the chain: opening = closing before, difference = 0.
create table statement (
    id              integer primary key,
    bank_account_id integer not null references bank_account,
    kind            text not null references statement_kind,
    bank_file_id    integer references bank_file,
    reference       text not null,
    sequence        integer,
    from_on         text,
    through_on      text,              -- day of the closing booked balance; null: it has none (camt.054)
    opening         integer,
    closing         integer,
    difference      integer not null,  -- closing - opening - entries: not 0 only where the owner accepted it; breaks the chain
    digest          text not null,
    run_id          integer not null references run,
    constraint statement_key unique (bank_account_id, digest)
) strict;
create index statement_chain on statement (bank_account_id, through_on, sequence);

-- Fact. A line of the account, once, however often it was seen. Its key is rule M1.2: the fallback key and the how-manieth equal one
-- of its booking day. The bank's reference is looked up, not trusted: banks reuse it (fault 40).
create table entry (
    id              integer primary key,
    bank_account_id integer not null references bank_account,
    booked_on       text not null,
    fallback_key    text not null,     -- hash of amount, direction, end-to-end id, payer IBAN, squeezed text
    ordinal         integer not null,
    bank_ref        text,
    amount          integer not null,  -- signed
    constraint entry_key unique (bank_account_id, booked_on, fallback_key, ordinal)
) strict;
create index entry_bank_ref on entry (bank_account_id, bank_ref) where bank_ref is not null;

-- Fact. What one statement said of an entry. Balances are proved over these; texts are read from the best one (053 before 052 and 054),
-- so a later, better statement improves an undecided payment without changing anything.
create table sighting (
    statement_id integer not null references statement,
    position     integer not null,
    entry_id     integer not null references entry,
    amount       integer not null,
    value_on     text not null,
    details      integer not null,  -- how many transaction details it has
    model        text not null,  -- all fields and details as read
    constraint sighting_key primary key (statement_id, position)
) strict, without rowid;
create index sighting_entry on sighting (entry_id);

-- Working. Look-up of entries that are one payment by its UETR, which stands in the sightings.
create table entry_uetr (
    entry_id integer not null references entry,
    uetr     text not null,
    constraint entry_uetr_key primary key (entry_id, uetr)
) strict, without rowid;
create index entry_uetr_uetr on entry_uetr (uetr);

-- Fact. Money that moved, as the matcher sees it: one transaction detail of an entry (0: the whole entry), or recorded by hand, or from a
-- clearing account. Money out is negative: returns, refunds. A split gives further details; the money moves by postings on `payer`.
create table payment (
    id            integer primary key,
    paid_into     text not null references posting_account,  -- bank, cash, clearing
    entry_id      integer references entry,
    detail        integer,
    amount        integer not null,
    currency      text not null,
    booked_on     text not null,
    value_on      text not null,
    payer_iban    text,
    end_to_end_id text,
    external_key  text,                                      -- of a clearing account's line; null by hand
    model         text,                                      -- null: see the sightings
    run_id        integer not null references run,
    constraint payment_detail_key unique (entry_id, detail),
    constraint payment_external_key unique (external_key),
    constraint payment_from_somewhere check ((entry_id is null) = (detail is null) and (entry_id is not null or model is not null))
) strict;
create index payment_end_to_end on payment (end_to_end_id, amount) where end_to_end_id is not null;

-- Working. Payments with money still undecided: a row from import until the last cent is assigned, credited or ignored. Tried again when
-- a document is issued; the amount is rule (c) of the open-credit guard.
create table open_payment (
    payment_id   integer primary key references payment,
    open_amount  integer not null,
    currency     text not null,
    since_on     text not null,
    tried_run_id integer references run,  -- the run that last tried to match it; null: not tried yet
    held_because text               -- 'possible_duplicate', 'batch_without_details': a person must look first; 'again': more is known now; null: the matcher may
) strict;
create index open_payment_amount on open_payment (currency, open_amount);

-- Working. An undecided payment could be this customer's (guard, rules a and b): no letter to him until it is decided. Written with the
-- decision; goes with the open payment.
create table concern (
    payment_id  integer not null references open_payment on delete cascade,
    customer_id integer not null references customer,
    because     text not null,
    constraint concern_key primary key (payment_id, customer_id)
) strict, without rowid;
create index concern_customer on concern (customer_id);

-- 6. Letters. A letter is decided, then tried (attempt), then something comes of it (letter_event); nothing of that is ever changed.

-- Fact. One decision to write. `about` is its natural key in its kind: "K-1001 2026-02-02" for a dunning letter (one per customer and day),
-- "RE-2026-0001" for an invoice (two may leave on one day), "2026-W06" for the summary. Message-ID = hash(books_key, kind, about, round).
create table letter (
    id          integer primary key,
    kind        text not null references letter_kind,
    about       text not null,
    round       integer not null,
    customer_id integer references customer,  -- null: to the owner
    document_id integer references document,  -- the document it carries
    delivery    text not null references delivery,
    decided_on  text not null,
    run_id      integer not null references run,
    constraint letter_key unique (kind, about, round)
) strict;
create index letter_customer on letter (customer_id, decided_on) where customer_id is not null;
create index letter_document on letter (document_id) where document_id is not null;

-- Fact. One invoice in a letter. Rounds of one (invoice, stage) follow one another; a trigger refuses the next while one lives.
create table letter_item (
    letter_id   integer not null references letter,
    document_id integer not null references document,
    stage       integer not null,
    round       integer not null,
    deadline_on text not null,
    principal   integer not null,
    fee         integer not null,     -- of this letter alone
    interest    integer not null,  -- total up to the letter's day; posted is the difference to what was claimed before
    constraint letter_item_key primary key (letter_id, document_id),
    constraint letter_item_round_key unique (document_id, stage, round)
) strict, without rowid;

-- Fact. What came of a letter. An item's stage counts when its letter has an event that counts and none that undoes.
-- A recall may concern one item (document_id); null: the whole letter.
create table letter_event (
    id          integer primary key,
    letter_id   integer not null references letter,
    document_id integer references document,
    kind        text not null references letter_event_kind,
    attempt     integer,        -- whose outcome it is; null: not of an attempt
    happened_at text not null,
    words       text not null,  -- the server's answer, the bounce's status, the owner's reason
    run_id      integer not null references run
) strict;
create unique index letter_event_once on letter_event (letter_id, kind, coalesce(document_id, 0), coalesce(attempt, 0));

-- Fact. Committed before the first SMTP byte, with headers and bodies of the mail and its attachments by hash. Its outcome is an event; an
-- attempt without one was cut short: unclear.
create table attempt (
    id         integer primary key,
    letter_id  integer not null references letter,
    ordinal    integer not null,
    message_id text not null,
    recipients text not null,
    eml        blob not null,
    started_at text not null,
    run_id     integer not null references run,
    constraint attempt_key unique (letter_id, ordinal)
) strict;
create index attempt_message_id on attempt (message_id);

-- Working. What the sender has to do: one row per letter, rebuilt from attempts and events. Kept when done, so that its state
-- is one look-up.
create table outbox (
    letter_id  integer primary key references letter,
    state      text not null references outbox_state,
    next_at    text not null,  -- not before: sending window, announcement, backoff
    claimed_by text
) strict;
create index outbox_by_state on outbox (state, next_at, letter_id);

-- 7. Money. Debit is positive; a batch sums to zero in each currency. Postings go in first, then the batch that seals them: the
--    foreign key is deferred, the batch's trigger adds up, and a sealed batch takes no more. So the database itself keeps the sum.

-- Fact. One booking. It is undone, once, by a batch that names it and mirrors its legs on the customer with their value_on, so that
-- interest forgets them too; the money goes back to `payer` (unassigned) or to the bank (returned). `letter_id`: the letter whose fee
-- and interest it claims (one batch per item, so that one item can be recalled).
create table batch (
    id          integer primary key,
    kind        text not null references batch_kind,
    booked_on   text not null,
    letter_id   integer references letter,
    reverses_id integer references batch,
    run_id      integer not null references run,
    constraint batch_reverses_key unique (reverses_id)
) strict;
create index batch_letter on batch (letter_id) where letter_id is not null;

-- Fact. One leg on one account. principal, fee, interest, credit are what a customer owes or has; the others are the counter side.
-- There is no table of allocations: an allocation is a batch with a `payment_id` and legs on a document. A second table would say
-- the same amount twice and could disagree; undoing, returns, waivers and discounts would each need it again.
-- Undecided money lies on `payer`: bank +A, payer -A with the first verdict; payer +A, principal -A when assigned. What is decided at
-- once never touches `payer` (bank +A, principal -A), which saves three rows for each of a hundred thousand payments.
create table posting (
    batch_id    integer not null references batch deferrable initially deferred,
    position    integer not null,
    account     text not null references posting_account,
    customer_id integer references customer,
    document_id integer references document,
    payment_id  integer references payment,
    amount      integer not null,
    currency    text not null,
    value_on    text not null,
    constraint posting_key primary key (batch_id, position),
    constraint posting_not_nothing check (amount <> 0),
    constraint posting_owed_by check (account not in ('principal', 'fee', 'interest') or document_id is not null),
    constraint posting_credit_of check (account not in ('principal', 'fee', 'interest', 'credit') or customer_id is not null)
) strict, without rowid;
create index posting_document on posting (document_id, account) where document_id is not null;
create index posting_payment on posting (payment_id) where payment_id is not null;
create index posting_credit on posting (customer_id, currency) where account = 'credit';

-- Working. A document that is owed (credit notes and refunds are negative): sums of its postings, and where its dunning stands.
-- `verify` compares with the postings and the letters, `verify --rebuild` writes it anew.
create table receivable (
    document_id    integer primary key references document,
    customer_id    integer not null references customer,
    currency       text not null,
    open_principal integer not null,
    open_fee       integer not null,
    open_interest  integer not null,
    state          text not null references receivable_state,
    due_on         text not null,     -- effective (D1)
    stage          integer not null,  -- of the last letter that counts; 0: none
    next_on        text               -- next look; null: nothing can happen
) strict;
create index receivable_next on receivable (next_on, document_id) where next_on is not null;
create index receivable_customer on receivable (customer_id, due_on) where open_principal <> 0;
create index receivable_amount on receivable (currency, open_principal) where open_principal <> 0;
create index receivable_note on receivable (customer_id) where open_principal < 0;
create index receivable_costs on receivable (document_id) where open_principal = 0 and open_fee + open_interest > 0;

-- 8. Look-up keys: all rebuilt from documents, revisions and acts. The key comes first: a batch of a thousand candidates is one probe.

-- Working. What a payment may quote. RF and QRR name one document; digits may be shared.
create table document_key (
    key         text not null,
    kind        text not null references key_kind,
    document_id integer not null references document,
    constraint document_key_key primary key (key, kind, document_id)
) strict, without rowid;
create unique index document_key_reference on document_key (key, kind) where kind in ('rf', 'qrr');
create index document_key_document on document_key (document_id);

-- Working. What points to a customer: number, IBANs (book and learned), name, numbers and payer texts of contracts.
create table customer_key (
    key         text not null,
    kind        text not null references key_kind,
    customer_id integer not null references customer,
    constraint customer_key_key primary key (key, kind, customer_id)
) strict, without rowid;
create index customer_key_customer on customer_key (customer_id);

-- Working. The few shapes of numbers in the books ("A2 D4 D4"): they say which pieces of a text are worth looking up. Counted, so that a
-- shape that nobody bears any more can go.
create table number_shape (
    kind    text not null references key_kind,  -- 'number' of documents, 'customer', 'contract'; 'payer_text' has its length
    shape   text not null,
    bearers integer not null,
    constraint number_shape_key primary key (kind, shape)
) strict, without rowid;

-- 9. Rules that are more than a key. The message is the constraint's name, so that one sentence serves both engines.

-- A batch is sealed by its row: its postings are there, and sum to zero in each currency.
create trigger batch_sums_to_zero before insert on batch begin
    select raise(abort, 'batch_not_empty') where not exists (select 1 from posting where batch_id = new.id);
    select raise(abort, 'batch_sums_to_zero') where exists (
        select 1 from posting where batch_id = new.id group by currency having sum(amount) <> 0);
end;
create trigger posting_batch_open before insert on posting begin
    select raise(abort, 'posting_batch_open') where exists (select 1 from batch where id = new.batch_id);
end;

-- No service day is invoiced twice while an uncancelled document of the contract covers it (skipped periods cover nothing).
create trigger contract_period_overlap before insert on contract_period when new.document_id is not null begin
    select raise(abort, 'contract_period_overlap') where exists (
        select 1 from contract_period p
        where p.contract_id = new.contract_id and p.starts_on <= new.ends_on and p.ends_on >= new.starts_on and p.document_id is not null
          and not exists (select 1 from document_link l where l.to_id = p.document_id and l.kind = 'cancels'));
end;

-- One live round per invoice and stage: the next begins when the last was refused, bounced, recalled or withdrawn.
create trigger letter_item_one_live before insert on letter_item begin
    select raise(abort, 'letter_item_one_live') where exists (
        select 1 from letter_item i
        where i.document_id = new.document_id and i.stage = new.stage
          and not exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                          where e.letter_id = i.letter_id and k.undoes and coalesce(e.document_id, i.document_id) = i.document_id));
end;

-- The chain has no holes, and a line begins behind the last one of its table: what hangs on a fact is written in its transaction.
create trigger journal_next before insert on journal begin
    select raise(abort, 'journal_next') where new.seq is not (select coalesce(max(seq), 0) + 1 from journal);
    select raise(abort, 'journal_overlap')
    where new.first_id <= (select last_id from journal where fact = new.fact order by first_id desc limit 1);
end;

-- 10. Facts stay. `replace` deletes as well, and meets the delete trigger because recursive_triggers is on. (No `on conflict do nothing` on
--     facts: look first; two writers at once are told apart by the key.)

create trigger books_update before update on books begin select raise(abort, 'books_stays'); end;
create trigger books_delete before delete on books begin select raise(abort, 'books_stays'); end;
create trigger blob_update before update on blob begin select raise(abort, 'blob_stays'); end;
create trigger blob_delete before delete on blob begin select raise(abort, 'blob_stays'); end;
create trigger book_version_update before update on book_version begin select raise(abort, 'book_version_stays'); end;
create trigger book_version_delete before delete on book_version begin select raise(abort, 'book_version_stays'); end;
create trigger run_update before update on run begin select raise(abort, 'run_stays'); end;
create trigger run_delete before delete on run begin select raise(abort, 'run_stays'); end;
create trigger job_run_update before update on job_run begin select raise(abort, 'job_run_stays'); end;
create trigger job_run_delete before delete on job_run begin select raise(abort, 'job_run_stays'); end;
create trigger revision_update before update on revision begin select raise(abort, 'revision_stays'); end;
create trigger revision_delete before delete on revision begin select raise(abort, 'revision_stays'); end;
create trigger act_update before update on act begin select raise(abort, 'act_stays'); end;
create trigger act_delete before delete on act begin select raise(abort, 'act_stays'); end;
create trigger decision_update before update on decision begin select raise(abort, 'decision_stays'); end;
create trigger decision_delete before delete on decision begin select raise(abort, 'decision_stays'); end;
create trigger document_update before update on document begin select raise(abort, 'document_stays'); end;
create trigger document_delete before delete on document begin select raise(abort, 'document_stays'); end;
create trigger document_file_update before update on document_file begin select raise(abort, 'document_file_stays'); end;
create trigger document_file_delete before delete on document_file begin select raise(abort, 'document_file_stays'); end;
create trigger document_link_update before update on document_link begin select raise(abort, 'document_link_stays'); end;
create trigger document_link_delete before delete on document_link begin select raise(abort, 'document_link_stays'); end;
create trigger contract_period_update before update on contract_period begin select raise(abort, 'contract_period_stays'); end;
create trigger contract_period_delete before delete on contract_period begin select raise(abort, 'contract_period_stays'); end;
create trigger bank_file_update before update on bank_file begin select raise(abort, 'bank_file_stays'); end;
create trigger bank_file_delete before delete on bank_file begin select raise(abort, 'bank_file_stays'); end;
create trigger statement_update before update on statement begin select raise(abort, 'statement_stays'); end;
create trigger statement_delete before delete on statement begin select raise(abort, 'statement_stays'); end;
create trigger entry_update before update on entry begin select raise(abort, 'entry_stays'); end;
create trigger entry_delete before delete on entry begin select raise(abort, 'entry_stays'); end;
create trigger sighting_update before update on sighting begin select raise(abort, 'sighting_stays'); end;
create trigger sighting_delete before delete on sighting begin select raise(abort, 'sighting_stays'); end;
create trigger payment_update before update on payment begin select raise(abort, 'payment_stays'); end;
create trigger payment_delete before delete on payment begin select raise(abort, 'payment_stays'); end;
create trigger letter_update before update on letter begin select raise(abort, 'letter_stays'); end;
create trigger letter_delete before delete on letter begin select raise(abort, 'letter_stays'); end;
create trigger letter_item_update before update on letter_item begin select raise(abort, 'letter_item_stays'); end;
create trigger letter_item_delete before delete on letter_item begin select raise(abort, 'letter_item_stays'); end;
create trigger letter_event_update before update on letter_event begin select raise(abort, 'letter_event_stays'); end;
create trigger letter_event_delete before delete on letter_event begin select raise(abort, 'letter_event_stays'); end;
create trigger attempt_update before update on attempt begin select raise(abort, 'attempt_stays'); end;
create trigger attempt_delete before delete on attempt begin select raise(abort, 'attempt_stays'); end;
create trigger batch_update before update on batch begin select raise(abort, 'batch_stays'); end;
create trigger batch_delete before delete on batch begin select raise(abort, 'batch_stays'); end;
create trigger posting_update before update on posting begin select raise(abort, 'posting_stays'); end;
create trigger posting_delete before delete on posting begin select raise(abort, 'posting_stays'); end;
create trigger journal_update before update on journal begin select raise(abort, 'journal_stays'); end;
create trigger journal_delete before delete on journal begin select raise(abort, 'journal_stays'); end;

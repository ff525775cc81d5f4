-- The books on PostgreSQL. The same tables, columns and order as on SQLite; tests/store.rs holds the two against each other.
--
-- Facts are only ever added; a correction is a counter-fact. Working tables are changed in the transaction of the fact and can be rebuilt
-- from facts. Each table says which it is. Amounts are minor units with the currency beside them, rates and quantities decimal text inside
-- the models, models canonical JSON text (hashed, so never jsonb). Ids are drawn by the writer, one after the other, while it holds the
-- lock on the books: so they have no holes, and the same history gives the same ids on both engines.
-- Text is collate "C", so both engines sort alike; instants have whole seconds.

-- 1. Words. A kind is a row here, so that a new one is an insert; what queries ask of a kind is a column, so that none lists kinds. (A check
--    list would mean rebuilding the table on SQLite. Checks and the conditions of indexes cannot look into another table: they list accounts
--    and sorts of keys.) Words that nothing writes yet say what they wait for.

-- The tables of facts that lines of the journal name: src/shell/store/registry.rs says what they hold.
create table fact (name text collate "C" primary key);
insert into fact values ('books'), ('blob'), ('book_version'), ('run'), ('job_run'), ('revision'), ('act'), ('decision'), ('document'),
    ('document_file'), ('document_link'), ('contract_period'), ('bank_file'), ('statement'), ('entry'), ('sighting'), ('payment'),
    ('letter'), ('letter_item'), ('letter_event'), ('attempt'), ('batch'), ('posting');
create table subject_kind (name text collate "C" primary key);
insert into subject_kind values ('books'), ('customer'), ('contract'), ('document'), ('payment'), ('letter'), ('bank_account'),
    ('book_version'), ('statement'), ('batch'), ('act'), ('bank_file');
-- `charge`: charges that wait for the next invoice.
create table contract_kind (name text collate "C" primary key);
insert into contract_kind values ('recurring'), ('once'), ('quote'), ('charge');
-- `asks_for_payment`: the customer is to pay it; it can be late, and letters can ask for it. `is_paid_out`: we are to pay it.
-- `credit_note`, `cancellation`: corrections.
create table document_kind (
    name             text collate "C" primary key,
    asks_for_payment boolean not null,
    is_paid_out      boolean not null
);

insert into document_kind values ('invoice', true, false), ('credit_note', false, false), ('cancellation', false, false),
    ('quote', false, false), ('confirmation', false, false), ('dunning', false, false),
    ('withdrawal', false, false), ('refund', false, true);

create table link_kind (name text collate "C" primary key);
insert into link_kind values ('cancels'), ('corrects'), ('deducts'), ('follows');
-- `is_claim`: what a customer owes on a document. `is_money`: where money comes in and goes out.
create table posting_account (
    name     text collate "C" primary key,
    is_claim boolean not null,
    is_money boolean not null
);

insert into posting_account values ('principal', true, false), ('fee', true, false), ('interest', true, false), ('credit', false, false),
    ('bank', false, true), ('cash', false, true), ('clearing', false, true), ('payer', false, false), ('discount', false, false),
    ('rounding', false, false), ('waiver', false, false), ('writeoff', false, false), ('bank_charge', false, false),
    ('revenue', false, false);

create table batch_kind (name text collate "C" primary key);
insert into batch_kind values ('issue'), ('receipt'), ('allocation'), ('claim'), ('return'), ('refund'), ('credit'), ('correction'), ('opening'), ('set_off'), ('writeoff');
create table receivable_state (name text collate "C" primary key);
insert into receivable_state values ('open'), ('partially_paid'), ('paid'), ('cancelled'), ('written_off'), ('credited');
-- `reading`: whose text of an entry is read where several saw it: the lowest. `csv`: statements of banks that offer nothing else.
create table statement_kind (
    name    text collate "C" primary key,
    reading bigint not null
);

insert into statement_kind values ('camt.053', 0), ('mt940', 1), ('camt.052', 2), ('camt.054', 3), ('csv', 3), ('confirmed', 3);

-- `teaches`: payments are tried again, because a payer is known or unknown now, or less is owed. `note`: notes on a customer; `end`, `skip`: contracts ended
-- and periods skipped by command.
create table act_kind (
    name    text collate "C" primary key,
    teaches boolean not null
);

insert into act_kind values ('golive', false), ('hold', false), ('release', false), ('promise', false), ('dispute', false), ('note', false),
    ('pause', false), ('resume', false), ('end', false), ('skip', false), ('insolvent', false), ('learn_iban', true),
    ('forget_iban', true), ('ignore', false), ('send', false), ('extend', false), ('accept', false), ('decline', false),
    ('handover', false), ('discard', false), ('pursue', false), ('late_discount', false), ('settle', false), ('writeoff', false),
    ('agree', true);

-- What was decided: on an invoice or a contract, on a payment, on the books.
create table verdict_kind (name text collate "C" primary key);
insert into verdict_kind values ('issued'), ('waiting'), ('undelivered'), ('last_stage'), ('held'), ('announced'), ('letter'), ('agreed'),
    ('auto'), ('suggest'), ('hold'), ('return'), ('ignore'), ('own_transfer'), ('assigned'), ('unassigned'), ('split'), ('ignored'),
    ('ok'), ('failed'), ('misconfigured'), ('begun'), ('over'), ('left');
-- `is_by_hand`: a person delivers it, and says so; the sender leaves it alone.
create table delivery (
    name       text collate "C" primary key,
    is_by_hand boolean not null
);

insert into delivery values ('mail', false), ('post', true), ('portal', true);

-- `is_dunning`: a stage of dunning. `asks_for_payment`: it does not leave while a bank file waits.
create table letter_kind (
    name             text collate "C" primary key,
    is_dunning       boolean not null,
    asks_for_payment boolean not null
);

insert into letter_kind values ('invoice', false, false), ('reminder', true, true), ('dunning', true, true), ('withdrawal', false, false),
    ('quote', false, false), ('confirmation', false, false), ('notice', false, true), ('correction', false, false), ('announcement', false, false),
    ('summary', false, false), ('alarm', false, false);

-- `may_be_sent`: the sender may take it up. `is_under_way`: the letter may still leave, or may have left. `needs_person`: somebody has to
-- look after it.
create table outbox_state (
    name         text collate "C" primary key,
    may_be_sent  boolean not null,
    is_under_way boolean not null,
    needs_person boolean not null
);

insert into outbox_state values ('queued', true, true, false), ('sending', false, true, false), ('accepted', false, false, false),
    ('deferred', true, true, false), ('refused', false, false, true), ('unclear', false, true, true), ('withdrawn', false, false, false);

create table key_kind (name text collate "C" primary key);
insert into key_kind values ('rf'), ('qrr'), ('number'), ('digits'), ('digits_short'), ('customer'), ('iban'), ('name'),
    ('contract'), ('payer_text');
-- Words. `counts`: the stage is reached. `undoes`: the round is over and the stage has not been reached; the next round may begin.
create table letter_event_kind (
    name   text collate "C" primary key,
    counts boolean not null,
    undoes boolean not null
);

insert into letter_event_kind values ('accepted', true, false), ('posted', true, false), ('deferred', false, false),
    ('partly_refused', false, false), ('unclear', false, false), ('refused', false, true), ('bounced', false, true), ('recalled', false, true),
    ('withdrawn', false, true);

-- 2. The books, and who wrote in them when.

-- Fact, one row. The id made at `init` that every Message-ID hashes. On PostgreSQL a writer locks this row (`for update`)
-- before it draws ids and appends to the journal, so there is no head table; on SQLite `begin immediate` does that.
create table books (
    id         bigint primary key,
    books_key  text collate "C" not null,
    created_at timestamptz not null,
    constraint books_key_once unique (books_key),
    constraint books_one_row check (id = 1)
);

-- Fact. Bytes by their hash: papers, attachments, configurations, files of the book, mails that came in. Never read by a job that decides.
create table blob (
    id     bigint primary key,
    sha256 text collate "C" not null,
    bytes  bytea not null,
    constraint blob_key unique (sha256)
);

-- Fact. What was in force: each apply and each accepted reload of the configuration adds one. The book itself lies in `revision`;
-- its state at version V is the last revision of each subject up to V. One id covers both, so a run names one thing.
create table book_version (
    id                   bigint primary key,
    book_sha256          text collate "C" not null,
    configuration_sha256 text collate "C" not null references blob (sha256),
    recorded_at          timestamptz not null
);

-- Fact. One wake-up of the daemon, one pass of the sender, or one command that wrote something; an idle wake-up leaves no row.
-- `today` is fixed for the whole run. Everything below names its run, and through it version, day and person.
create table run (
    id              bigint primary key,
    today           date not null,
    started_at      timestamptz not null,
    book_version_id bigint not null references book_version,
    command         text collate "C" not null,  -- "run", "send", "apply", "assign P-1 RE-2026-0001"
    person          text collate "C" not null,  -- the system's user name
    program         text collate "C" not null   -- version of the binary: names the shipped table of base rates and the rules
);

-- Fact. The job is done for this civil day; written in its last transaction, so a killed job is simply done again.
create table job_run (
    id     bigint primary key,
    job    text collate "C" not null,
    due_on date not null,
    run_id bigint not null references run,
    constraint job_run_key unique (job, due_on)
);

-- Working. Who runs the day on PostgreSQL; the token is checked in its writes. On SQLite a file lock does this and the table stays
-- empty.
create table lease (
    name     text collate "C" primary key,
    holder   text collate "C" not null,
    token    bigint not null,
    until_at timestamptz not null
);

-- Fact. The chain: hash = sha256(previous hash, all other columns). Each transaction ends with one line for each table of facts that it
-- added to: 100,000 payments are some hundred lines, not 100,000. A line names rows by the first column of their table, their own id or that
-- of what they hang on, and covers every column of each. What no line names was not written by this program.
create table journal (
    seq         bigint primary key,
    fact        text collate "C" not null references fact,
    first_id    bigint not null,
    last_id     bigint not null,
    digest      text collate "C" not null,    -- over the canonical form of the rows, in the order of their key
    recorded_at timestamptz not null,
    run_id      bigint references run,  -- null: at `init`, and when a configuration comes into force; a run names what is in force
    hash        text collate "C" not null,
    constraint journal_fact_key unique (fact, first_id),
    constraint journal_range check (last_id >= first_id)
);

-- 3. Agreements: what the owner wrote, what happened since, what was decided. Three tables hang on a subject (kind, id):
--    `revision` (agreed), `act` (happened), `decision` (decided). Read together by id they are the customer's history and `why`.

-- Working. The identity that money hangs on, with the number now in force; number and name follow the last revision.
create table customer (
    id     bigint primary key,
    number text collate "C" not null,
    name   text collate "C" not null,
    constraint customer_number_key unique (number)
);

-- Working. Whatever the book says is to be invoiced: a recurring contract, a one-off invoice, a quote, a charge waiting for the next
-- invoice. All share number, history, vanishing, and "each period once" (a one-off has one period).
create table contract (
    id          bigint primary key,
    kind        text collate "C" not null references contract_kind,
    customer_id bigint not null references customer,
    number      text collate "C" not null,
    next_on     date,  -- the day the next period is to be issued; null: ended, held, vanished or done
    constraint contract_number_key unique (number)
);
create index contract_due on contract (next_on, id) where next_on is not null;
create index contract_customer on contract (customer_id);

-- Fact. What the book said of a customer or contract from a version on: canonical, versioned JSON, and the file that it was read from. null:
-- the entry vanished from the files. An older state with the same `valid_from` stays; the last one by (valid_from, book_version_id) counts.
create table revision (
    id              bigint primary key,
    subject_kind    text collate "C" not null references subject_kind,
    subject_id      bigint not null,
    book_version_id bigint not null references book_version,
    valid_from      date not null,
    model           text collate "C",
    file_sha256     text collate "C" references blob (sha256),
    constraint revision_key unique (subject_kind, subject_id, valid_from, book_version_id),
    constraint revision_whole check ((model is null) = (file_sha256 is null))
);

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
    id           bigint primary key,
    kind         text collate "C" not null references act_kind,
    subject_kind text collate "C" not null references subject_kind,
    subject_id   bigint not null,
    from_on      date not null,
    until_on     date,              -- null: until ended
    reason       text collate "C" not null,
    model        text collate "C",  -- instalments, the IBAN, the amount: what the kind needs
    ends_id      bigint references act,
    once_key     text collate "C",  -- what must not happen twice: the token of an owner's mail, "learn K-1001 DE..."
    run_id       bigint not null references run,
    constraint act_once_key unique (once_key)
);
create index act_subject on act (subject_kind, subject_id, id);
create index act_ends on act (ends_id) where ends_id is not null;

-- Fact. Why something was done or not: written when rule, verdict, facts or next day change. `facts` is what the rule saw, base rates and
-- the rule of [[bank.rule]] included; the book version is the run's. `why` reads this table and computes nothing.
create table decision (
    id           bigint primary key,
    subject_kind text collate "C" not null references subject_kind,
    subject_id   bigint not null,
    rule         text collate "C" not null,  -- "D5 bank_stale", "M R3", "bank.rule tax office"
    verdict      text collate "C" not null references verdict_kind,
    facts        text collate "C" not null,
    next_on      date,                       -- when something can happen next
    run_id       bigint not null references run
);
create index decision_subject on decision (subject_kind, subject_id, id);

-- 4. Documents.

-- Working. Last number of a series in its reset period. Moves from exactly the value read, in the transaction that stores the document;
-- it starts where the owner's last system stopped and `recover` raises it, so it is not max(sequence).
create table counter (
    series        text collate "C" not null,
    number_period text collate "C" not null,  -- "2026", or "" when the series is never reset
    last          bigint not null,
    constraint counter_key primary key (series, number_period)
);

-- Fact. Everything with a number that goes to a customer, and open items taken over (their series is null). The model is the document;
-- columns repeat only what is looked up. A dunning letter is a document too, so a payment may quote its reference.
create table document (
    id            bigint primary key,
    kind          text collate "C" not null references document_kind,
    customer_id   bigint not null references customer,
    number        text collate "C" not null,
    series        text collate "C",
    number_period text collate "C",
    sequence      bigint,
    issued_on     date not null,
    currency      text collate "C" not null,
    gross         bigint not null,  -- minor units, negative for what lowers the debt
    model         text collate "C" not null,
    run_id        bigint not null references run,
    constraint document_number_key unique (number),
    constraint document_sequence_key unique (series, number_period, sequence),
    constraint document_series_whole check ((series is null) = (sequence is null) and (series is null) = (number_period is null))
);
create index document_customer on document (customer_id, issued_on, id);

-- Fact. The bytes of a document as they left: PDF, XRechnung, time sheet.
create table document_file (
    document_id bigint not null references document,
    name        text collate "C" not null,
    sha256      text collate "C" not null references blob (sha256),
    constraint document_file_key primary key (document_id, name)
);

-- Fact. How documents hang together. Cancelled is what a `cancels` points at: at most once.
create table document_link (
    id      bigint primary key,
    from_id bigint not null references document,
    to_id   bigint not null references document,
    kind    text collate "C" not null references link_kind,
    constraint document_link_key unique (from_id, to_id, kind)
);
create index document_link_to on document_link (to_id, kind);
create unique index document_cancelled_once on document_link (to_id) where kind = 'cancels';

-- Fact. The period is done, for ever: invoiced by this document, or skipped (null: paused, `--skip-until`). Its cancellation does not
-- reopen it; a replacement is the next revision. Several contracts may share one invoice, so document_id is not unique.
create table contract_period (
    id          bigint primary key,
    contract_id bigint not null references contract,
    starts_on   date not null,
    revision    bigint not null,
    ends_on     date not null,
    document_id bigint references document,
    constraint contract_period_key unique (contract_id, starts_on, revision),
    constraint contract_period_order check (ends_on >= starts_on)
);
create index contract_period_document on contract_period (document_id) where document_id is not null;

-- 5. Bank. Files say what they saw (sighting), the books hold it once (entry), the matcher works on payments.

-- Working. Follows the configuration; `covered_through` follows the chain of statements (null: none, or broken from the start).
-- `unproved_through`: the last day of the last stretch of it whose entries do not add up and that the owner has not settled.
create table bank_account (
    id              bigint primary key,
    name            text collate "C" not null,
    currency        text collate "C" not null,
    gates_dunning   boolean not null,
    receives_from   date,
    opened_on       date,
    closed_on       date,
    covered_through date,
    unproved_through date,
    constraint bank_account_name_key unique (name)
);

-- Working. IBAN, QR-IBAN, number at the bank. With the currency, because some banks keep several under one IBAN. What sort it is
-- can be seen from the value.
create table bank_account_identifier (
    value           text collate "C" not null,
    currency        text collate "C" not null,
    bank_account_id bigint not null references bank_account,
    constraint bank_account_identifier_key primary key (value, currency)
);

-- Fact. One XML document (member of a ZIP: its name) that was booked or refused; the bytes stay in done/ or rejected/. Written
-- with its statements, so it needs no state; the file in work/ is the memory of the unfinished.
create table bank_file (
    id               bigint primary key,
    name             text collate "C" not null,
    member           text collate "C" not null,  -- "" when it was no archive
    sha256           text collate "C" not null,
    rejected_because text collate "C",           -- null: booked
    model            text collate "C",           -- of a refused one that may tell of payments: of which accounts and days
    run_id           bigint not null references run
);
create unique index bank_file_once on bank_file (sha256, member) where rejected_because is null;
create index bank_file_unbooked on bank_file (id) where model is not null;

-- Fact. Booked once by what it says (digest over account, balances and entries: other white space is the same statement). `settled bank
-- confirm` is a statement without a file. Coverage is the chain: opening = closing before, difference = 0.
create table statement (
    id              bigint primary key,
    bank_account_id bigint not null references bank_account,
    kind            text collate "C" not null references statement_kind,
    bank_file_id    bigint references bank_file,
    reference       text collate "C" not null,
    sequence        bigint,
    from_on         date,
    through_on      date,             -- day of the closing booked balance; null: it has none (camt.054)
    opening         bigint,
    closing         bigint,
    difference      bigint not null,  -- closing - opening - entries: not 0 only where the owner accepted it; breaks the chain
    digest          text collate "C" not null,
    run_id          bigint not null references run,
    constraint statement_key unique (bank_account_id, digest)
);
create index statement_chain on statement (bank_account_id, through_on, sequence);

-- Fact. A line of the account, once, however often it was seen. Its key is rule M1.2: the fallback key and the how-manieth equal one
-- of its booking day. The bank's reference is looked up, not trusted: banks reuse it (fault 40).
create table entry (
    id              bigint primary key,
    bank_account_id bigint not null references bank_account,
    booked_on       date not null,
    fallback_key    text collate "C" not null,  -- hash of amount, direction, end-to-end id, payer IBAN, squeezed text
    ordinal         bigint not null,
    bank_ref        text collate "C",
    amount          bigint not null,            -- signed
    constraint entry_key unique (bank_account_id, booked_on, fallback_key, ordinal)
);
create index entry_bank_ref on entry (bank_account_id, bank_ref) where bank_ref is not null;

-- Fact. What one statement said of an entry. Balances are proved over these; texts are read from the best one (053 before 052 and 054),
-- so a later, better statement improves an undecided payment without changing anything.
create table sighting (
    statement_id bigint not null references statement,
    position     bigint not null,
    entry_id     bigint not null references entry,
    amount       bigint not null,
    value_on     date not null,
    details      bigint not null,  -- how many transaction details it has
    model        text collate "C" not null,  -- all fields and details as read
    constraint sighting_key primary key (statement_id, position)
);
create index sighting_entry on sighting (entry_id);

-- Working. Look-up of entries that are one payment by its UETR, which stands in the sightings.
create table entry_uetr (
    entry_id bigint not null references entry,
    uetr     text collate "C" not null,
    constraint entry_uetr_key primary key (entry_id, uetr)
);
create index entry_uetr_uetr on entry_uetr (uetr);

-- Fact. Money that moved, as the matcher sees it: one transaction detail of an entry (0: the whole entry), or recorded by hand, or from a
-- clearing account. Money out is negative: returns, refunds. A split gives further details; the money moves by postings on `payer`.
create table payment (
    id            bigint primary key,
    paid_into     text collate "C" not null references posting_account,  -- bank, cash, clearing
    entry_id      bigint references entry,
    detail        bigint,
    amount        bigint not null,
    currency      text collate "C" not null,
    booked_on     date not null,
    value_on      date not null,
    payer_iban    text collate "C",
    end_to_end_id text collate "C",
    external_key  text collate "C",                                      -- of a clearing account's line; null by hand
    model         text collate "C",                                      -- null: see the sightings
    run_id        bigint not null references run,
    constraint payment_detail_key unique (entry_id, detail),
    constraint payment_external_key unique (external_key),
    constraint payment_from_somewhere check ((entry_id is null) = (detail is null) and (entry_id is not null or model is not null))
);
create index payment_end_to_end on payment (end_to_end_id, amount) where end_to_end_id is not null;

-- Working. Payments with money still undecided: a row from import until the last cent is assigned, credited or ignored. Tried again when
-- a document is issued; the amount is rule (c) of the open-credit guard.
create table open_payment (
    payment_id   bigint primary key references payment,
    open_amount  bigint not null,
    currency     text collate "C" not null,
    since_on     date not null,
    tried_run_id bigint references run,  -- the run that last tried to match it; null: not tried yet
    held_because text collate "C"               -- 'possible_duplicate', 'batch_without_details': a person must look first; 'again': more is known now; null: the matcher may
);
create index open_payment_amount on open_payment (currency, open_amount);

-- Working. An undecided payment could be this customer's (guard, rules a and b): no letter to him until it is decided. Written with the
-- decision; goes with the open payment.
create table concern (
    payment_id  bigint not null references open_payment on delete cascade,
    customer_id bigint not null references customer,
    because     text collate "C" not null,
    constraint concern_key primary key (payment_id, customer_id)
);
create index concern_customer on concern (customer_id);

-- 6. Letters. A letter is decided, then tried (attempt), then something comes of it (letter_event); nothing of that is ever changed.

-- Fact. One decision to write. `about` is its natural key in its kind: "K-1001 2026-02-02" for a dunning letter (one per customer and day),
-- "RE-2026-0001" for an invoice (two may leave on one day), "2026-W06" for the summary. Message-ID = hash(books_key, kind, about, round).
create table letter (
    id          bigint primary key,
    kind        text collate "C" not null references letter_kind,
    about       text collate "C" not null,
    round       bigint not null,
    customer_id bigint references customer,  -- null: to the owner
    document_id bigint references document,  -- the document it carries
    delivery    text collate "C" not null references delivery,
    decided_on  date not null,
    run_id      bigint not null references run,
    constraint letter_key unique (kind, about, round)
);
create index letter_customer on letter (customer_id, decided_on) where customer_id is not null;
create index letter_document on letter (document_id) where document_id is not null;

-- Fact. One invoice in a letter. Rounds of one (invoice, stage) follow one another; a trigger refuses the next while one lives.
create table letter_item (
    letter_id   bigint not null references letter,
    document_id bigint not null references document,
    stage       bigint not null,
    round       bigint not null,
    deadline_on date not null,
    principal   bigint not null,
    fee         bigint not null,     -- of this letter alone
    interest    bigint not null,  -- total up to the letter's day; posted is the difference to what was claimed before
    constraint letter_item_key primary key (letter_id, document_id),
    constraint letter_item_round_key unique (document_id, stage, round)
);

-- Fact. What came of a letter. An item's stage counts when its letter has an event that counts and none that undoes.
-- A recall may concern one item (document_id); null: the whole letter.
create table letter_event (
    id          bigint primary key,
    letter_id   bigint not null references letter,
    document_id bigint references document,
    kind        text collate "C" not null references letter_event_kind,
    attempt     bigint,                     -- whose outcome it is; null: not of an attempt
    happened_at timestamptz not null,
    words       text collate "C" not null,  -- the server's answer, the bounce's status, the owner's reason
    run_id      bigint not null references run
);
create unique index letter_event_once on letter_event (letter_id, kind, coalesce(document_id, 0), coalesce(attempt, 0));

-- Fact. Committed before the first SMTP byte, with headers and bodies of the mail and its attachments by hash. Its outcome is an event; an
-- attempt without one was cut short: unclear.
create table attempt (
    id         bigint primary key,
    letter_id  bigint not null references letter,
    ordinal    bigint not null,
    message_id text collate "C" not null,
    recipients text collate "C" not null,
    eml        bytea not null,
    started_at timestamptz not null,
    run_id     bigint not null references run,
    constraint attempt_key unique (letter_id, ordinal)
);
create index attempt_message_id on attempt (message_id);

-- Working. What the sender has to do: one row per letter, rebuilt from attempts and events. Kept when done, so that its state
-- is one look-up.
create table outbox (
    letter_id  bigint primary key references letter,
    state      text collate "C" not null references outbox_state,
    next_at    timestamptz not null,  -- not before: sending window, announcement, backoff
    claimed_by text collate "C"
);
create index outbox_by_state on outbox (state, next_at, letter_id);

-- 7. Money. Debit is positive; a batch sums to zero in each currency. Postings go in first, then the batch that seals them: the
--    foreign key is deferred, the batch's trigger adds up, and a sealed batch takes no more. So the database itself keeps the sum.

-- Fact. One booking. It is undone, once, by a batch that names it and mirrors its legs on the customer with their value_on, so that
-- interest forgets them too; the money goes back to `payer` (unassigned) or to the bank (returned). `letter_id`: the letter whose fee
-- and interest it claims (one batch per item, so that one item can be recalled).
create table batch (
    id          bigint primary key,
    kind        text collate "C" not null references batch_kind,
    booked_on   date not null,
    letter_id   bigint references letter,
    reverses_id bigint references batch,
    run_id      bigint not null references run,
    constraint batch_reverses_key unique (reverses_id)
);
create index batch_letter on batch (letter_id) where letter_id is not null;

-- Fact. One leg on one account. principal, fee, interest, credit are what a customer owes or has; the others are the counter side.
-- There is no table of allocations: an allocation is a batch with a `payment_id` and legs on a document. A second table would say
-- the same amount twice and could disagree; undoing, returns, waivers and discounts would each need it again.
-- Undecided money lies on `payer`: bank +A, payer -A with the first verdict; payer +A, principal -A when assigned. What is decided at
-- once never touches `payer` (bank +A, principal -A), which saves three rows for each of a hundred thousand payments.
create table posting (
    batch_id    bigint not null references batch deferrable initially deferred,
    position    bigint not null,
    account     text collate "C" not null references posting_account,
    customer_id bigint references customer,
    document_id bigint references document,
    payment_id  bigint references payment,
    amount      bigint not null,
    currency    text collate "C" not null,
    value_on    date not null,
    constraint posting_key primary key (batch_id, position),
    constraint posting_not_nothing check (amount <> 0),
    constraint posting_owed_by check (account not in ('principal', 'fee', 'interest') or document_id is not null),
    constraint posting_credit_of check (account not in ('principal', 'fee', 'interest', 'credit') or customer_id is not null)
);
create index posting_document on posting (document_id, account) where document_id is not null;
create index posting_payment on posting (payment_id) where payment_id is not null;
create index posting_credit on posting (customer_id, currency) where account = 'credit';

-- Working. A document that is owed (credit notes and refunds are negative): sums of its postings, and where its dunning stands.
-- `verify` compares with the postings and the letters, `verify --rebuild` writes it anew.
create table receivable (
    document_id    bigint primary key references document,
    customer_id    bigint not null references customer,
    currency       text collate "C" not null,
    open_principal bigint not null,
    open_fee       bigint not null,
    open_interest  bigint not null,
    state          text collate "C" not null references receivable_state,
    due_on         date not null,    -- effective (D1)
    stage          bigint not null,  -- of the last letter that counts; 0: none
    next_on        date              -- next look; null: nothing can happen
);
create index receivable_next on receivable (next_on, document_id) where next_on is not null;
create index receivable_customer on receivable (customer_id, due_on) where open_principal <> 0;
create index receivable_amount on receivable (currency, open_principal) where open_principal <> 0;
create index receivable_note on receivable (customer_id) where open_principal < 0;
create index receivable_costs on receivable (document_id) where open_principal = 0 and open_fee + open_interest > 0;

-- 8. Look-up keys: all rebuilt from documents, revisions and acts. The key comes first: a batch of a thousand candidates is one probe.

-- Working. What a payment may quote. RF and QRR name one document; digits may be shared.
create table document_key (
    key         text collate "C" not null,
    kind        text collate "C" not null references key_kind,
    document_id bigint not null references document,
    constraint document_key_key primary key (key, kind, document_id)
);
create unique index document_key_reference on document_key (key, kind) where kind in ('rf', 'qrr');
create index document_key_document on document_key (document_id);

-- Working. What points to a customer: number, IBANs (book and learned), name, numbers and payer texts of contracts.
create table customer_key (
    key         text collate "C" not null,
    kind        text collate "C" not null references key_kind,
    customer_id bigint not null references customer,
    constraint customer_key_key primary key (key, kind, customer_id)
);
create index customer_key_customer on customer_key (customer_id);

-- Working. The few shapes of numbers in the books ("A2 D4 D4"): they say which pieces of a text are worth looking up. Counted, so that a
-- shape that nobody bears any more can go.
create table number_shape (
    kind    text collate "C" not null references key_kind,  -- 'number' of documents, 'customer', 'contract'; 'payer_text' has its length
    shape   text collate "C" not null,
    bearers bigint not null,
    constraint number_shape_key primary key (kind, shape)
);

-- 9. Rules that are more than a key. They raise with the name of a constraint, so that one sentence serves both engines.

create function refuse(rule text, state text default 'check_violation') returns void language plpgsql as $$
begin
    raise exception '%', rule using errcode = state, constraint = rule;
end $$;

-- A batch is sealed by its row: its postings are there, and sum to zero in each currency.
create function batch_sums_to_zero() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from posting where batch_id = new.id) then
        perform refuse('batch_not_empty');
    end if;
    if exists (select 1 from posting where batch_id = new.id group by currency having sum(amount) <> 0) then
        perform refuse('batch_sums_to_zero');
    end if;
    return new;
end $$;
create trigger batch_sums_to_zero before insert on batch for each row execute function batch_sums_to_zero();

create function posting_batch_open() returns trigger language plpgsql as $$
begin
    if exists (select 1 from batch where id = new.batch_id) then
        perform refuse('posting_batch_open');
    end if;
    return new;
end $$;
create trigger posting_batch_open before insert on posting for each row execute function posting_batch_open();

-- No service day is invoiced twice while an uncancelled document of the contract covers it (skipped periods cover nothing).
create function contract_period_overlap() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from contract_period p
        where p.contract_id = new.contract_id and p.starts_on <= new.ends_on and p.ends_on >= new.starts_on and p.document_id is not null
          and not exists (select 1 from document_link l where l.to_id = p.document_id and l.kind = 'cancels')) then
        perform refuse('contract_period_overlap');
    end if;
    return new;
end $$;
create trigger contract_period_overlap before insert on contract_period
    for each row when (new.document_id is not null) execute function contract_period_overlap();

-- One live round per invoice and stage: the next begins when the last was refused, bounced, recalled or withdrawn.
create function letter_item_one_live() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from letter_item i
        where i.document_id = new.document_id and i.stage = new.stage
          and not exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                          where e.letter_id = i.letter_id and k.undoes and coalesce(e.document_id, i.document_id) = i.document_id)) then
        perform refuse('letter_item_one_live');
    end if;
    return new;
end $$;
create trigger letter_item_one_live before insert on letter_item for each row execute function letter_item_one_live();

-- The chain has no holes, and a line begins behind the last one of its table: what hangs on a fact is written in its transaction.
create function journal_next() returns trigger language plpgsql as $$
begin
    if new.seq is distinct from (select coalesce(max(seq), 0) + 1 from journal) then
        perform refuse('journal_next');
    end if;
    if new.first_id <= (select last_id from journal where fact = new.fact order by first_id desc limit 1) then
        perform refuse('journal_overlap');
    end if;
    return new;
end $$;
create trigger journal_next before insert on journal for each row execute function journal_next();

-- 10. Facts stay. One statement trigger refuses update (also by `on conflict do update`), delete and truncate.
create function fact_stays() returns trigger language plpgsql as $$
begin
    perform refuse(tg_table_name || '_stays', 'restrict_violation');
    return null;
end $$;

do $$
declare guarded text;
begin
    for guarded in select name from fact union all select 'journal' loop
        execute format('create trigger %I before update or delete or truncate on %I for each statement execute function fact_stays()',
            guarded || '_stays', guarded);
    end loop;
end $$;

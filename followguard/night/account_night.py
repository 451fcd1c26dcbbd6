"""The night of one account: ingest, score, batch, queue, recheck, follow where X's API may, and a receipt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from followguard.accounts.accounts import identify
from followguard.accounts.budget import Spending, spending_of
from followguard.accounts.ledger_store import Runs
from followguard.accounts.policy_in_force import hold_names
from followguard.accounts.store import Accounts
from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.domain.run import Booked
from followguard.domain.units import day_of
from followguard.domain.wording import counted
from followguard.drift.watch import night_drift
from followguard.errors import DamagedDatabase, FollowguardError, PartlyDone, Stopped, TryLater, Unexpected, XError
from followguard.followers.list_reading import ReadingTally
from followguard.followers.look_up import FollowContext
from followguard.followers.nightly_reading import Ingest
from followguard.following.follow_back import FollowBack, XAccess, follow_back, night_counts
from followguard.following.forecast import forecast_micro
from followguard.following.recheck import Rechecked, recheck
from followguard.night.context import NightContext
from followguard.privacy.retention_store import clear_texts
from followguard.proof.quick import whole_log
from followguard.reports.receipt import Receipt
from followguard.reports.status import note_standing
from followguard.screening.queue import batch_account, plan_account, queue_account
from followguard.screening.recalibrate import note_calibration, own_calibration
from followguard.screening.sample import NEEDED
from followguard.screening.sample_store import RandomSample
from followguard.screening.score import rescore_waiting, score_account
from followguard.screening.store import Scoring
from followguard.store.log import Log
from followguard.store.work import Work
from followguard.words.readers import learned_reader
from followguard.x.contract import FollowerReader, Me


@dataclass(slots=True, kw_only=True)
class AccountNight:
    """One account's night. Each step commits what it did; a failing step is in the receipt and the next one runs."""

    means: NightContext
    settings: AccountSettings
    receipt: Receipt
    run_id: int | None = None
    still_held: Callable[[], None] = lambda: None

    def run(self) -> Receipt:
        """Runs the night and never raises: an error, or a fault of the program, is in the receipt."""
        handle = self.settings.handle
        with self._standing(), self._stops(), self._lock(handle), self._on_record() as account:
            scorer = self.means.load_scorer(handle, self._note)
            self.receipt.model = scorer.name
            self._calibration(account, scorer)
            reader = self.means.open_reader(handle)
            try:
                self._steps(account, reader, scorer)
            finally:
                self.receipt.requests = reader.calls
        return self.receipt

    def _steps(self, account: Account, reader: FollowerReader, scorer: Scorer) -> None:
        me = identify(self.means.store, reader, account, self.means.clock)
        with self.means.store.begin() as work:
            self._forecast(work, account, me.followers_count)
        with self._step():
            self._ingest(account, reader, me)
        self._score_and_queue(account, scorer)
        with self._step():
            self.receipt.drift = night_drift(self.means.store, account, scorer).as_json(account.handle)
        if self._refused():
            self.receipt.stopped = self.receipt.reads == 0
            return
        with self._step():
            self._recheck_and_follow(self._desk(account), reader)
        self._score_and_queue(account, scorer)
        with self._step():
            clear_texts(self.means.store, account, self.means.installation.retention, self.means.clock())

    def _calibration(self, account: Account, scorer: Scorer) -> None:
        """Puts on record how far the random sample is, and how its decisions move the scores of tonight."""
        store, now = self.means.store, self.means.clock()
        found = own_calibration(store, self.settings, scorer, now)
        with store.begin() as work:
            note_calibration(work, account, found, now)
            labels = RandomSample(work).so_far(account.id, day_of(now)).labels
        self.receipt.calibration = {"answers": labels, "needed": NEEDED, "update": found and found.figures()}

    def _refused(self) -> bool:
        """Tells whether X takes nothing from this account tonight, so that asking on is of no use."""
        return any(isinstance(e, XError) and not isinstance(e, TryLater) for e in self.receipt.errors)

    def _ingest(self, account: Account, reader: FollowerReader, me: Me) -> None:
        tally = ReadingTally()
        ingest = Ingest(
            store=self.means.store,
            reader=reader,
            settings=self.settings,
            spending=self._spending(),
            clock=self.means.clock,
            say=self.means.say,
        )
        try:
            ingest.run(account, me, tally)
        finally:
            self.receipt.new, self.receipt.returned, self.receipt.reads = tally.new, tally.returned, tally.reads
            self.receipt.errors.extend(tally.errors)

    def _score_and_queue(self, account: Account, scorer: Scorer) -> None:
        store, policy, now = self.means.store, self.settings.policy, self.means.clock()
        with self._step():
            words = learned_reader(store, self.means.installation, self.settings)
            scored = score_account(store, account, policy, scorer, now, words)
            self.receipt.scored += scored
            rescore_waiting(store, account, self.settings, scorer, now, words)
            batch_account(store, account, policy, now)
            counts = queue_account(store, account, policy, now, self.means.seed)
            self.receipt.count_cards(counts)
            if scored:
                self.means.say(f"@{account.handle}: {scored} scored, {counts.listed} on the desk")

    def _recheck_and_follow(self, desk: FollowContext, reader: FollowerReader) -> None:
        ways = XAccess(
            rhythm=self.means.rhythm,
            open_reader=lambda: reader,
            open_writer=lambda x_id: self.means.open_writer(desk.account.handle, x_id),
        )
        rechecked = recheck(desk, reader)
        done = FollowBack(account=desk.account.handle, executor=self.settings.executor)
        try:
            if rechecked.error is not None:
                raise rechecked.error
            if whole_log(self.means.store, self.means.kept_heads(), self.receipt, self._note):
                done = follow_back(desk, ways, opened=False)
            self.receipt.errors.extend(done.unproved)
            if done.error is not None:
                raise done.error
        finally:
            self._note_orders(desk, rechecked, done)

    def _note_orders(self, desk: FollowContext, rechecked: Rechecked, done: FollowBack) -> None:
        receipt = self.receipt
        with self.means.store.begin() as work:
            receipt.count_orders(night_counts(work, desk.account.id, rechecked, done))
        receipt.not_ours = [stranger.username or stranger.follower_id for stranger in rechecked.strangers]

    @contextmanager
    def _lock(self, handle: str) -> Iterator[None]:
        with self.means.store.lock(handle) as self.still_held:
            yield

    @contextmanager
    def _on_record(self) -> Iterator[Account]:
        """Keeps the run on record from before the first call to its receipt, whatever happens between."""
        store, clock, handle = self.means.store, self.means.clock, self.settings.handle
        with store.begin() as work:
            account = Accounts(work).ensure(handle, clock())
            Runs(work).release_all(account.id)
            self._forecast(work, account)
            hold_names(work, account.id, self.settings.policy, clock())
            self.run_id = run_id = Runs(work).start(account.id, "nightly", clock())
            entry = Runs(work).last_entry(account.id)
        self.receipt.began, self.receipt.spent_known = True, False
        try:
            with self._stops():
                yield account
        except BaseException:  # Ctrl-C: the run that is stopped goes on record as one
            self._stop(Stopped("The night was stopped.", "What was finished is saved; the next run goes on."))
            raise
        finally:
            self._stand()
            with store.begin() as work:
                self._parked(work, account)
                self._book(Runs(work).booked_after(account.id, entry))
                self.receipt.log_head = Log(work).head()
                Runs(work).finish(run_id, self.receipt.status, self.receipt.as_json(), clock())

    def amend(self) -> None:
        """Puts on record what happened after the account's own night: a retraining, and the list as it is since."""
        store, now = self.means.store, self.means.clock()
        with self._stops(), self._lock(self.settings.handle), self._step():
            with store.begin() as work:
                account = Accounts(work).ensure(self.settings.handle, now)
            self.receipt.count_cards(plan_account(store, account, self.settings.policy, now, self.means.seed))
            with store.begin() as work:
                self.receipt.log_head = Log(work).head()
                if self.run_id is not None:
                    Runs(work).finish(self.run_id, self.receipt.status, self.receipt.as_json(), now)

    @contextmanager
    def _standing(self) -> Iterator[None]:
        yield
        self._stand()

    def _stand(self) -> None:
        """Counts how things stand where the night didn't come to it, and the database answers."""
        if not self.receipt.unknown:
            return
        with self._stops(), suppress(FollowguardError), self.means.store.begin() as work:
            note_standing(work, self.settings, self.receipt, self.means.clock())

    def _forecast(self, work: Work, account: Account, followers_count: int | None = None) -> None:
        now, spending = self.means.clock(), self._spending()
        self.receipt.forecast = forecast_micro(work, account, self.settings, spending, now, followers_count)

    def _book(self, booked: dict[str, Booked]) -> None:
        self.receipt.cost = sum(one.cost for one in booked.values())
        self.receipt.lookups = booked["lookup"].returned if "lookup" in booked else 0
        self.receipt.spent_known = True

    def _parked(self, work: Work, account: Account) -> None:
        parked = Scoring(work).parked(account.id)
        if parked:
            first = f"follower {parked[0].follower_id}: {parked[0].error}"
            what = f"@{account.handle}: {counted(len(parked), 'profile')} couldn't be scored ({first})."
            self.receipt.errors.append(PartlyDone(what, "Their cards are on the list without a score."))

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Lets the next step run, but not on a damaged database, nor once the lock went with its connection."""
        self.still_held()
        try:
            yield
        except DamagedDatabase:
            raise
        except FollowguardError as error:
            self._note(error)

    def _note(self, error: FollowguardError) -> None:
        """Once for each thing that went wrong: reading and looking up may meet the same empty budget."""
        if all(str(each) != str(error) for each in self.receipt.errors):
            self.receipt.errors.append(error)

    @contextmanager
    def _stops(self) -> Iterator[None]:
        """Catches an error that leaves nothing to do for the account tonight, or a fault of the program."""
        try:
            yield
        except FollowguardError as error:
            self._stop(error)
        except Exception as fault:  # noqa: BLE001 - the other accounts have their nights, and this one its receipt
            self._stop(Unexpected.of(fault))

    def _stop(self, error: FollowguardError) -> None:
        self._note(error)
        self.receipt.stopped = True

    def _desk(self, account: Account) -> FollowContext:
        return FollowContext(
            store=self.means.store,
            account=account,
            settings=self.settings,
            spending=self._spending(),
            clock=self.means.clock,
        )

    def _spending(self) -> Spending:
        return spending_of(self.means.installation, self.settings)

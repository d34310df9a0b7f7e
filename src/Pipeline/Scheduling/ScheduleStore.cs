using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;

namespace Pipeline.Scheduling;

/// <summary>
/// The database that a scheduling program uses at the moment: the one of the settings, or one in memory while that cannot be used (a full disk,
/// a lake that is gone), whose runs are taken over later. No run waits for it.
/// </summary>
internal sealed class ScheduleStore : IDisposable
{
    /// <summary>Runs that are kept in memory for a database that cannot take them just now.</summary>
    private const int MostUnsaved = 1000;

    private readonly Lock _lock = new();
    private readonly ScheduleOptions _options;
    private readonly ScheduleStats _stats;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, RunRecord> _unsaved = new(StringComparer.Ordinal);
    private string? _id;
    private ScheduleState? _state;

    public ScheduleStore(ScheduleOptions options, ScheduleStats stats, TimeProvider time, ILogger logger)
    {
        (_options, _stats, _time, _logger) = (options, stats, time, logger);
        Database = Open(inMemory: false);
    }

    public ScheduleDatabase Database { get; private set; }

    public RunHistory History => new(Database);

    public ScheduleControl Control => new(Database, _time);

    /// <summary>What people want of the schedule, and remembers it: it goes on counting when the database fails.</summary>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public ScheduleState ReadState() => _state = Control.Read();

    /// <summary>Whether people have paused the schedule, as far as is known: where the database cannot be read, what it said last.</summary>
    public bool IsPaused
    {
        get
        {
            try
            {
                return ReadState().Paused is not null;
            }
            catch (SqliteException)
            {
                return _state?.Paused is not null;
            }
        }
    }

    /// <summary>Opens the database again, or one in memory.</summary>
    /// <param name="inMemory">True to leave the one of the settings alone.</param>
    public void Reopen(bool inMemory)
    {
        lock (_lock)
        {
            if (Database.IsInMemory)
            {
                foreach (var run in History.Read(new RunQuery(MostUnsaved))) _unsaved.TryAdd(run.Id, run);
            }

            Database.Close();
            Database = Open(inMemory);
            SaveUnsaved();
        }
    }

    /// <summary>True when the file in the database's place is still the one that is open.</summary>
    public bool IsInPlace()
    {
        try
        {
            return Database.ReadId() == _id;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>True when the database of the settings can be used again.</summary>
    public bool CanReturn()
    {
        if (_options.IsInLake && !ScheduleDatabase.HasPlace(_options.Database)) return false;
        try
        {
            ScheduleDatabase.Open(_options.Database, _time, _logger).Close();
            return true;
        }
        catch (ScheduleException)
        {
            return false;
        }
    }

    /// <summary>Puts a run into the history, now or when the database can take it.</summary>
    public void Save(RunRecord run)
    {
        lock (_lock)
        {
            _unsaved[run.Id] = run;
            SaveUnsaved();
        }
    }

    /// <summary>Goes back to the database of the settings when it can be used again, and begins it anew when its file is gone.</summary>
    public void Settle()
    {
        if (Database.IsInMemory ? CanReturn() : !IsInPlace()) Reopen(inMemory: false);
    }

    /// <summary>Ends the runs in the history whose program is no more.</summary>
    /// <returns>True when there was one.</returns>
    public bool EndCrashed(Func<string, bool> isDead)
    {
        var left = History.Unfinished().Where(r => isDead(r.Program)).ToList();
        foreach (var run in left)
        {
            Save(run with { Finished = _time.GetUtcNow(), Outcome = RunOutcome.Crashed, Error = "Its program ended in the middle of it: it was killed, or crashed.", CanHeal = true });
        }

        return left.Count > 0;
    }

    /// <summary>Ends what dead programs left, and forgets what is old, where that can be done now.</summary>
    /// <param name="keep">How long runs are kept; null to forget none.</param>
    public void Tidy(TimeSpan? keep)
    {
        try
        {
            Settle();
            EndCrashed(WriterLease.IsDead);
            if (keep is { } span) History.Prune(_time.GetUtcNow() - span);
        }
        catch (SqliteException e)
        {
            _logger.LogWarning("The run history {Path} cannot be tidied: {Error}.", _options.Database, e.Message.TrimEnd('.'));
        }
    }

    public void Dispose() => Database.Close();

    private ScheduleDatabase Open(bool inMemory)
    {
        var hasPlace = !_options.IsInLake || ScheduleDatabase.HasPlace(_options.Database);
        try
        {
            if (!inMemory && hasPlace)
            {
                var database = ScheduleDatabase.Open(_options.Database, _time, _logger);
                _id = database.ReadId();
                TakeOver(database);
                if (!_stats.IsKept) _logger.LogInformation("The schedule and its history are kept in {Path} from now on.", _options.Database);
                _stats.Keeps(true);
                return database;
            }
        }
        catch (Exception e) when (e is ScheduleException or SqliteException)
        {
            if (_stats.IsKept) _logger.LogWarning("{Error}. The schedule and its history are kept in memory until it can be used.", e.Message.TrimEnd('.'));
        }

        var memory = ScheduleDatabase.OpenInMemory();
        _id = memory.ReadId();
        if (_state is not null) new ScheduleControl(memory, _time).Adopt(_state);
        // A new lake has no folder yet: its writer makes it, soon.
        _stats.Keeps(false);
        return memory;
    }

    /// <summary>A new file in the place of one that was removed, or set aside, under this program knows nothing of a pause; one that another program has begun does.</summary>
    private void TakeOver(ScheduleDatabase database)
    {
        var control = new ScheduleControl(database, _time);
        if (_state is null or { Paused: null, ChangedTo: null } || control.Read() is not { Setting: null, Paused: null, ChangedTo: null }) return;
        control.Adopt(_state);
        if (_state.Paused is not null) _logger.LogWarning("Database {Path} is new; the schedule stays paused.", database.Path);
    }

    private void SaveUnsaved()
    {
        try
        {
            foreach (var run in _unsaved.Values.OrderBy(r => r.Started).ToList())
            {
                History.Save(run);
                _unsaved.Remove(run.Id);
            }

            _stats.Keeps(!Database.IsInMemory);
        }
        catch (SqliteException e)
        {
            if (_stats.IsKept) _logger.LogWarning("The run history cannot be written: {Error}. Runs go on, and are entered later.", e.Message.TrimEnd('.'));
            _stats.Keeps(false);
            if (_unsaved.Count > MostUnsaved) _unsaved.Remove(_unsaved.Keys.First());
        }
    }
}

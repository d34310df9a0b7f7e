using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>Turns settings into the options of the parts, and refuses what cannot work together.</summary>
internal static class Configuration
{
    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static LogOptions Log(SettingValues settings)
    {
        var defaults = new LogOptions();
        var name = settings.Text(Settings.Log) ?? defaults.Name;
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new UsageException($"{settings.Find(Settings.Log).Origin} is '{name}'; use 1 to 64 letters, digits, dots, dashes or underscores.");
        }

        var options = defaults with
        {
            Name = name,
            Shards = (int)settings.Number(Settings.Shards, defaults.Shards, 1, 64),
            BatchEvents = (int)settings.Number(Settings.BatchEvents, defaults.BatchEvents, 1, 10_000),
            BatchBytes = settings.Bytes(Settings.BatchBytes, defaults.BatchBytes, 1 << 10, 16 << 20),
            Linger = settings.Duration(Settings.Linger, defaults.Linger, TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            Heartbeat = settings.Duration(Settings.Heartbeat, defaults.Heartbeat, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            LookBack = settings.Duration(Settings.LookBack, defaults.LookBack, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            HighWater = settings.Fraction(Settings.HighWater, defaults.HighWater, 0.1, 0.95),
            LowWater = settings.Fraction(Settings.LowWater, defaults.LowWater, 0.05, 0.95),
            Ballast = settings.Fraction(Settings.Ballast, defaults.Ballast, 0, 0.2),
        };
        if (options.LowWater >= options.HighWater)
        {
            throw new UsageException($"--low-water is {options.LowWater}; it has to be below --high-water, which is {options.HighWater}.");
        }

        var rewind = Rewind(settings);
        if (options.LookBack < rewind * 2)
        {
            throw new UsageException(
                $"--look-back is {Quantity.Format(options.LookBack)}; it has to be at least twice --rewind, which is {Quantity.Format(rewind)}, or repeated events go unrecognised.");
        }

        return options;
    }

    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static LakeOptions Lake(SettingValues settings)
    {
        var defaults = new LakeOptions();
        var window = settings.Duration(Settings.Window, defaults.Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (window.Ticks % TimeSpan.TicksPerSecond != 0 || TimeSpan.TicksPerHour % window.Ticks != 0)
        {
            throw new UsageException(
                $"{settings.Find(Settings.Window).Origin} is '{settings.Text(Settings.Window)}'; use whole seconds that divide an hour, such as 10s, 1m, 5m or 15m.");
        }

        return defaults with
        {
            Path = settings.Path(Settings.Lake, "a folder") ?? defaults.Path,
            Window = window,
            RowGroupRows = (int)settings.Number(Settings.RowGroupRows, defaults.RowGroupRows, 1000, 10_000_000),
        };
    }

    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static EventLimits Limits(SettingValues settings)
    {
        var defaults = new EventLimits();
        return defaults with
        {
            MaxBytes = settings.Bytes(Settings.MaxEventBytes, defaults.MaxBytes, 1 << 10, 16 << 20),
            MaxDepth = (int)settings.Number(Settings.MaxEventDepth, defaults.MaxDepth, 8, 1000),
            MaxAhead = settings.Duration(Settings.MaxAhead, defaults.MaxAhead, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        };
    }

    public static TimeSpan Rewind(SettingValues settings) =>
        settings.Duration(Settings.Rewind, TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromMinutes(10));

    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static ScheduleOptions Schedule(SettingValues settings, LakeOptions lake)
    {
        var (text, origin) = settings.Find(Settings.Schedule);
        var schedule = Scheduling.Schedule.TryParse(text ?? Scheduling.Schedule.EveryWindow, lake.Window, out var problem)
            ?? throw new UsageException($"{origin} is '{text}'; {problem}.");
        var options = History(settings, lake) with { Schedule = schedule };
        return options with { Limit = settings.Duration(Settings.RunLimit, options.Limit, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) };
    }

    /// <summary>Where the runs of a lake are kept, for a program that is told by others when to run.</summary>
    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static ScheduleOptions History(SettingValues settings, LakeOptions lake)
    {
        var database = settings.Text(Settings.ScheduleDb);
        if (database is { Length: 0 }) throw new UsageException($"{settings.Find(Settings.ScheduleDb).Origin} is empty; give the path of a file, or leave it out.");
        var options = new ScheduleOptions(Scheduling.Schedule.Every(lake.Window), lake.Window, database ?? Path.Combine(lake.Path, LakeLayout.OwnFolder, "schedule.db")) { IsInLake = database is null };
        if (settings.Text(Settings.KeepRuns) is null) return options;
        return options with { Keep = settings.Duration(Settings.KeepRuns, options.KeepOrDefault, TimeSpan.FromHours(1), TimeSpan.FromDays(3650)) };
    }
}

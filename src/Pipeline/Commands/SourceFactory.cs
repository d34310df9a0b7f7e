using Microsoft.Extensions.Logging;
using Pipeline.Events;
using Pipeline.Sources;
using Pipeline.Sources.Mock;

namespace Pipeline.Commands;

/// <summary>Makes the source that the settings ask for.</summary>
internal static class SourceFactory
{
    /// <exception cref="UsageException">The settings do not go together.</exception>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    public static IEventSource Create(SettingValues settings, EventLimits limits, ILoggerFactory loggers, TimeProvider time)
    {
        var (name, origin) = settings.Find(Settings.Source);
        double? rate = settings.Text(Settings.Rate) is null ? null : settings.Fraction(Settings.Rate, 0, 0.001, 10_000_000);
        switch (name ?? Settings.Source.Default)
        {
            case "jetstream":
                Refuse(settings, "jetstream", Settings.Rate, Settings.Events, Settings.Seed);
                return Jetstream(settings, limits, loggers, time);
            case "mock":
                Refuse(settings, "mock", Settings.JetstreamHosts, Settings.Rewind, Settings.NoEvents);
                return Mock(settings, rate, time);
            default:
                PathText.Check(name!, origin, "jetstream, mock, or an NDJSON file or folder");
                RefuseMisspelt(name!, origin);
                Refuse(settings, "a file", Settings.JetstreamHosts, Settings.Rewind, Settings.NoEvents, Settings.Events, Settings.Seed);
                return new FileReplaySource(
                    new FileReplayOptions { Path = name!, EventsPerSecond = rate, MaxEventBytes = limits.MaxBytes }, time);
        }
    }

    private static JetstreamSource Jetstream(SettingValues settings, EventLimits limits, ILoggerFactory loggers, TimeProvider time)
    {
        var defaults = new JetstreamOptions();
        var options = new JetstreamOptions
        {
            Hosts = Hosts(settings) ?? defaults.Hosts,
            Rewind = Configuration.Rewind(settings),
            NoEventsTimeout = settings.Duration(Settings.NoEvents, defaults.NoEventsTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            MaxEventBytes = limits.MaxBytes,
        };
        return new JetstreamSource(options, loggers.CreateLogger<JetstreamSource>(), time);
    }

    private static string[]? Hosts(SettingValues settings)
    {
        var (text, origin) = settings.Find(Settings.JetstreamHosts);
        if (text is null) return null;
        var hosts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.Length > 0 && hosts.All(h => JetstreamAddress.TryParse(h, out _))
            ? hosts
            : throw new UsageException($"{origin} is '{text}'; use host names, or addresses that start with ws:// or wss://, separated by commas.");
    }

    private static void RefuseMisspelt(string name, string origin)
    {
        if (Path.Exists(name)) return;
        if (Guess.Of(name, ["jetstream", "mock"]) is { } guess) throw new UsageException($"{origin} is '{name}', and there is no such file; did you mean {guess}?");
    }

    private static MockSource Mock(SettingValues settings, double? rate, TimeProvider time)
    {
        var options = new MockFirehoseOptions
        {
            Seed = (ulong)settings.Number(Settings.Seed, 42, 0, long.MaxValue),
            Events = settings.Text(Settings.Events) is null ? null : settings.Number(Settings.Events, 1, 1, long.MaxValue),
            Rate = rate,
        };
        if (options.Events is null && rate is null)
        {
            throw new UsageException("The mock firehose would run without end and as fast as it can; give it --events or --rate.");
        }

        return new MockSource(options, time);
    }

    private static void Refuse(SettingValues settings, string source, params Setting[] others)
    {
        foreach (var setting in others)
        {
            if (settings.Find(setting) is { Text: not null } found)
            {
                throw new UsageException($"{found.Origin} has no meaning for {source} as a source; leave it out, or choose another --source.");
            }
        }
    }
}

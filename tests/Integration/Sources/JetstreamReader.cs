using System.Text;
using System.Text.Json;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.Sources;

/// <summary>Reads a source as the ingestor does: session after session, resuming before the last event, dropping what it has.</summary>
internal sealed class JetstreamReader
{
    private readonly HashSet<string> _known = [];

    public JetstreamReader(IEnumerable<string> hosts, JetstreamOptions? options = null, TimeProvider? time = null)
    {
        options ??= new JetstreamOptions();
        Source = new JetstreamSource(
            new JetstreamOptions
            {
                Hosts = [.. hosts],
                Rewind = options.Rewind,
                NoEventsTimeout = options.NoEventsTimeout,
                BufferMessages = options.BufferMessages,
                BufferBytes = options.BufferBytes,
                SlowConsumerTimeout = options.SlowConsumerTimeout,
                MaxEventBytes = options.MaxEventBytes,
                // Tests need the waits, not their length.
                ReconnectDelay = TimeSpan.FromMilliseconds(10),
                ReconnectDelayMax = TimeSpan.FromMilliseconds(50),
            },
            Logger,
            time ?? TimeProvider.System);
    }

    public JetstreamReader(params FakeJetstream[] servers) : this(servers.Select(server => server.Address))
    {
    }

    public RecordingLogger<JetstreamSource> Logger { get; } = new();

    public JetstreamSource Source { get; }

    /// <summary>The latest <c>time_us</c> of an event read so far.</summary>
    public long? Position { get; set; }

    /// <summary>Distinct keys (rkey) of the events read, in order of arrival.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>Events that were read again.</summary>
    public int Duplicates { get; private set; }

    public int Sessions { get; private set; }

    /// <summary>Reads until there are as many distinct events.</summary>
    public async Task ReadUntilAsync(int count, CancellationToken cancellationToken)
    {
        while (Keys.Count < count)
            await ReadSessionAsync(count, cancellationToken);
    }

    /// <summary>Reads one session, to its end or until there are as many distinct events.</summary>
    public async Task ReadSessionAsync(int count, CancellationToken cancellationToken)
    {
        Sessions++;
        await foreach (var message in Source.ReadAsync(Position - Source.Rewind, cancellationToken))
        {
            Take(message);
            if (Keys.Count >= count)
                return;
        }
    }

    public void Take(SourceMessage message)
    {
        using var json = JsonDocument.Parse(message.Bytes);
        var key = json.RootElement.GetProperty("commit").GetProperty("rkey").GetString()!;
        Position = Math.Max(Position ?? long.MinValue, json.RootElement.GetProperty("time_us").GetInt64());
        if (_known.Add(key))
            Keys.Add(key);
        else
            Duplicates++;
    }

    public static IEnumerable<string> KeysOf(int start, int count) => Enumerable.Range(start, count).Select(n => $"3k{n}");

    public static async Task<List<(string Text, long Length)>> TakeAsync(JetstreamSource source, int count, long? position, CancellationToken cancellationToken)
    {
        var taken = new List<(string, long)>();
        await foreach (var message in source.ReadAsync(position, cancellationToken))
        {
            taken.Add((Encoding.Latin1.GetString(message.Bytes.Span), message.Length));
            if (taken.Count == count)
                break;
        }

        return taken;
    }
}

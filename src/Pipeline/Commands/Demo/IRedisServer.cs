namespace Pipeline.Commands.Demo;

/// <summary>One way to have a Redis of one's own. It ends with this process, however that ends, unless it is kept.</summary>
internal interface IRedisServer : IAsyncDisposable
{
    /// <summary>How it runs, for people.</summary>
    string Description { get; }

    bool HasEnded { get; }

    /// <summary>The last that it said; it must have ended.</summary>
    Task<string> LastWordsAsync();

    /// <summary>Leaves it running; returns the command that ends it.</summary>
    Task<string> KeepAsync();
}

using Pipeline.Events;
using Pipeline.Sources;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>A source and the log that it feeds.</summary>
/// <param name="Logs">The log's shards.</param>
/// <param name="Memory">What is known of the log outside of Redis; null when nothing is.</param>
public sealed record Feed(IEventSource Source, IDatabase Database, IReadOnlyList<RedisLog> Logs, ILogMemory? Memory, LogOptions Options, EventLimits Limits);

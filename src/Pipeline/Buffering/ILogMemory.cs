namespace Pipeline.Buffering;

/// <summary>What is known of a log outside of Redis, for the day when Redis has lost it.</summary>
public interface ILogMemory
{
    /// <summary>Gives a log that has lost its end or its state what is known of it; one that is whole stays as it is.</summary>
    Task RestoreAsync(RedisLog log);
}

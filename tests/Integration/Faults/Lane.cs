namespace Pipeline.Tests.Integration.Faults;

/// <summary>What a row of the matrix breaks. Rows of different lanes run at the same time.</summary>
internal enum Lane
{
    RedisCrashes,
    RedisDisk,
    RedisFrozen,
    Memory,
    Network,
    Lake,
    TooMany,
    Time,
    Source,
}

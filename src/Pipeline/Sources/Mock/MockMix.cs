namespace Pipeline.Sources.Mock;

/// <summary>
/// Each kind's share of the events, deletes included, in any unit: only the proportions count. The defaults are July 2026's.
/// </summary>
public sealed record MockMix
{
    public double Likes { get; init; } = 69;

    public double Posts { get; init; } = 12;

    public double Reposts { get; init; } = 10;

    public double Follows { get; init; } = 6;

    public double Blocks { get; init; } = 1;

    public double Profiles { get; init; } = 0.6;

    public double ListItems { get; init; } = 0.4;

    public double Threadgates { get; init; } = 0.2;

    /// <summary>Events of kind <c>identity</c>: they pass every collection filter.</summary>
    public double Identities { get; init; } = 0.5;

    /// <summary>Events of kind <c>account</c>: they pass every collection filter.</summary>
    public double Accounts { get; init; } = 0.3;
}

namespace Pipeline.Tests.Load.Reports;

/// <summary>One second of a run: what ended in it.</summary>
/// <param name="Number">Seconds since the start, from 0.</param>
public sealed record Second(int Number, long Ok, long Failed, Latency Latency);

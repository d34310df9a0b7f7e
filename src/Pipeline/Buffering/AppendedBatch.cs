namespace Pipeline.Buffering;

/// <summary>A batch that Redis has acknowledged.</summary>
/// <param name="Records">How many records it holds; 0 for a heartbeat.</param>
/// <param name="Bytes">The bytes that Redis was given: the compressed frame.</param>
/// <param name="Duration">From the command to its answer; batches on their way at once wait for one another.</param>
public readonly record struct AppendedBatch(int Records, int Bytes, TimeSpan Duration);

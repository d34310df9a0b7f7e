namespace Pipeline.Monitoring.StatusPage;

/// <summary>One look at the pipeline: everything that the status page shows is made of these.</summary>
/// <param name="Buffer">Null before Redis has been looked at.</param>
/// <param name="Problems">What is wrong, in plain words; empty when all is well.</param>
internal sealed record StatusReading(
    DateTimeOffset Time, SourceStatus Source, BufferStatus? Buffer, WriterStatus Writer, IReadOnlyList<Problem> Problems);

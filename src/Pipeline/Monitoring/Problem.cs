namespace Pipeline.Monitoring;

/// <summary>Something that is not well at this moment.</summary>
/// <param name="Part">Where: source, buffer, writer, lake.</param>
/// <param name="Text">What, as a sentence.</param>
/// <param name="Advice">What to do, as a sentence.</param>
public sealed record Problem(string Part, string Text, string Advice);

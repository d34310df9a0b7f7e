namespace Pipeline.Monitoring.StatusPage;

/// <summary>Something that is wrong.</summary>
/// <param name="Part">The part of the pipeline that it concerns: source, buffer, writer, ...</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record StatusProblem(string Part, string Text, string Advice);

namespace Pipeline.Buffering.Auditing;

/// <summary>A command that was run to mend a server, and how it went.</summary>
/// <param name="Result"><c>ok</c>, or what is the matter.</param>
internal sealed record AppliedFix(string Command, bool Succeeded, string Result);

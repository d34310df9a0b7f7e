namespace Pipeline.Tests.EndToEnd;

/// <summary>One event that was sent.</summary>
/// <param name="Content">A hash of its JSON in one spelling.</param>
internal readonly record struct LedgerEntry(string Table, UInt128 Content);

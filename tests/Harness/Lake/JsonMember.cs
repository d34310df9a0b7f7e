namespace Pipeline.Tests.Harness.Lake;

/// <summary>A member of a JSON object.</summary>
/// <param name="Name">Without escapes; half a surrogate pair stays what it is.</param>
/// <param name="Raw"><c>"name":value</c> as it stands in the text.</param>
/// <param name="Value">The value as it stands in the text.</param>
public sealed record JsonMember(string Name, string Raw, string Value);

namespace Pipeline.Tests.Harness;

/// <summary>An image and a program in it; the official images and the one of docker/images/build name their programs differently.</summary>
/// <param name="Image">As <c>docker run</c> takes it.</param>
/// <param name="Program">The server.</param>
/// <param name="Checker">The program beside it that checks its files; null where there is none.</param>
public sealed record ToolImage(string Image, string Program, string? Checker);

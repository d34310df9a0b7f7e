namespace Pipeline.Archiving;

/// <summary>A complete, synced file that waits to be renamed into its place.</summary>
/// <param name="TemporaryPath">Where it is.</param>
/// <param name="Name">Where it belongs.</param>
/// <param name="Bytes">Its size.</param>
public sealed record StagedFile(string TemporaryPath, LakeFileName Name, long Rows, long Bytes);

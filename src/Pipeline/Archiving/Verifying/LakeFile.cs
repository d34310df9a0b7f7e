namespace Pipeline.Archiving.Verifying;

/// <summary>A file that lies where a file of the lake lies.</summary>
/// <param name="Name">Its place.</param>
/// <param name="RelativePath">The same as it was found, below the lake, with forward slashes.</param>
/// <param name="FullPath">Where to open it.</param>
/// <param name="Bytes">Its size.</param>
public sealed record LakeFile(LakeFileName Name, string RelativePath, string FullPath, long Bytes);

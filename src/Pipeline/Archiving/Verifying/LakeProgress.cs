namespace Pipeline.Archiving.Verifying;

/// <summary>How far a verification is.</summary>
public readonly record struct LakeProgress(int FilesDone, int Files, long Rows, long Findings);

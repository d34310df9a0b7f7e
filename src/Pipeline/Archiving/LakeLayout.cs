namespace Pipeline.Archiving;

/// <summary>The folders of a lake: partitions at the top, what the pipeline keeps for itself under <c>_pipeline</c>.</summary>
public sealed class LakeLayout(string root)
{
    public const string OwnFolder = "_pipeline";

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Files that are being written; empty when no writer runs.</summary>
    public string Staging => Path.Combine(Root, OwnFolder, "staging");

    /// <summary>What the last windows consisted of (<see cref="CommitManifest"/>).</summary>
    public string Commits => Path.Combine(Root, OwnFolder, "commits");

    /// <summary>Locked while files get their names (<see cref="LakeGate"/>).</summary>
    public string Gate => Path.Combine(Root, OwnFolder, "gate.lock");

    /// <summary>A path below the lake's folder, with forward slashes.</summary>
    public string Relative(string fullPath) => Path.GetRelativePath(Root, fullPath).Replace('\\', '/');

    public string Full(string relativePath) => Path.Combine(Root, relativePath.Replace('/', Path.DirectorySeparatorChar));
}

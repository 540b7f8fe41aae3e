namespace Supervisor.Messages;

/// <summary>Marks an option that names a file or folder: a relative one is taken from the folder of the configuration file that names it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute : Attribute;

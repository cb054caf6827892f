//! What systems and engines say, in Chinese: the operator reads these sentences on the command line.

use bihuan_store::Fault;
use std::io::{Error, ErrorKind};

/// Why a file, folder or address could not be used, without a full stop.
pub fn why(error: &Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或目录",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::IsADirectory => "这是目录，不是文件",
        ErrorKind::NotADirectory => "路径中有一段不是目录",
        ErrorKind::AlreadyExists => "已经存在，没有覆盖",
        ErrorKind::InvalidData => "内容不是UTF-8文字",
        ErrorKind::UnexpectedEof => "内容不完整",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        ErrorKind::FileTooLarge => "文件太大",
        ErrorKind::AddrInUse => "已被其他程序占用",
        ErrorKind::AddrNotAvailable => "不是本机的地址",
        ErrorKind::BrokenPipe => "接收结果的程序已经结束",
        ErrorKind::InvalidFilename => "文件名不合规定或者太长",
        _ => return format!("系统提示“{error}”"),
    };
    known.to_owned()
}

/// What broke in the store, as a whole sentence with what to do; the engine's own words stand in it where they help.
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Busy { what, .. } => format!("数据库正忙，请稍后再试（{what}）。"),
        Fault::DiskFull { .. } => "磁盘已满，没有写入。请清出空间后再试。".to_owned(),
        Fault::Connection { what, .. } => {
            // The number of the system's error helps nobody.
            let what = what.split(" (os error").next().unwrap_or_default();
            format!("连不上数据库，请检查地址、端口和数据库服务是否在运行（{what}）。")
        }
        Fault::InDoubt { .. } => "提交时连接中断，不能确定这一步是否已经写入，请先查看再重做。".to_owned(),
        Fault::Corrupt { what, .. } => {
            format!("数据库文件损坏，或者不是闭环的数据库（{what}）。请用备份恢复，不要继续使用这份数据。")
        }
        Fault::BadConfig { what, .. } => format!("数据库设置不对（{what}）。"),
        Fault::Migration { what } => what.clone(),
        Fault::Io { what, source } => format!("读写文件时出错：{}（{what}）。", why(source)),
        other => format!("程序出错：{other}。"),
    }
}

#[cfg(test)]
mod tests {
    use super::{fault, why};
    use bihuan_store::Fault;
    use std::io::{Error, ErrorKind};

    #[test]
    fn what_the_system_says_is_told_in_chinese() {
        assert_eq!(why(&Error::from(ErrorKind::NotFound)), "没有这个文件或目录");
        assert!(why(&Error::other("odd")).contains("odd"), "an unknown reason is not swallowed");
        let told = fault(&Fault::io("writing the export", Error::from(ErrorKind::StorageFull)));
        assert!(told.contains("磁盘已满"), "{told}");
    }
}

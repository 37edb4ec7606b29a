//! Sentences of systems in the languages that they speak: messages of `strerror` and of Windows, which are translated while the
//! number beside them, where there is one, is not. One list for each thing that is said.

/// `ENOMEM`, as glibc's and musl's catalogs translate it; in English it is looked for by those who know whose it is.
pub(super) const NO_MEMORY: &[&str] = &[
    "无法分配内存",
    "無法配置記憶體",
    "无法分配記憶體",
    "Nicht genügend Hauptspeicher verfügbar",
    "Impossible d'allouer de la mémoire",
    "Ne peut allouer de la mémoire",
    "No se pudo asignar memoria",
    "No se puede asignar memoria",
    "Não foi possível alocar memória",
    "Impossibile allocare memoria",
    "Невозможно выделить память",
    "メモリを確保できません",
    "메모리를 할당할 수 없습니다",
];
/// `ENOSPC`, and Windows' error 112.
pub(super) const NO_SPACE: &[&str] = &[
    "设备上没有空间",
    "設備上沒有空間",
    "裝置上已無多餘空間",
    "磁盘空间不足",
    "磁碟空間不足",
    "Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
    "steht nicht genug Speicherplatz auf dem Datenträger",
    "Aucun espace disponible sur le périphérique",
    "Espace insuffisant sur le disque",
    "No queda espacio en el dispositivo",
    "Espacio en disco insuficiente",
    "Não há espaço disponível no dispositivo",
    "Spazio esaurito sul device",
    "На устройстве не осталось свободного места",
    "Недостаточно места на диске",
    "デバイスに空き領域がありません",
    "ディスクに十分な空き領域がありません",
    "장치에 남은 공간이 없음",
];
/// A fault of addresses, which sounds like memory in some languages.
pub(super) const WRONG_ACCESS: &[&str] = &[
    "段错误",
    "區段錯誤",
    "Speicherzugriffsfehler",
    "Erreur de segmentation",
    "Violación de segmento",
    "Falha de segmentação",
    "Errore di segmentazione",
    "Ошибка сегментирования",
    "セグメンテーション違反",
    "세그멘테이션 오류",
];
/// What a shell says of a program that was ended by signal 9.
pub(super) const ENDED: &[&str] =
    &["已杀死", "已殺死", "Getötet", "Processus arrêté", "Terminado (killed)", "Убито", "強制終了"];
/// Windows' error 8: the word for memory is that of RAM in no language alone.
pub(super) const NO_RAM: &[&str] = &[
    "Not enough memory resources are available",
    "内存资源不足",
    "存储空间不足，无法处理此命令",
    "記憶體資源不足",
    "nicht genügend Arbeitsspeicherressourcen",
    "Für diesen Befehl ist nicht genügend Speicher verfügbar",
    "Mémoire insuffisante pour traiter cette commande",
    "Espace insuffisant pour traiter cette commande",
    "Recursos de memoria insuficientes",
    "Недостаточно ресурсов памяти",
    "Недостаточно памяти для обработки команды",
    "メモリ リソースが不足",
    "메모리 리소스가 부족",
];
/// Windows' error 1455.
pub(super) const PAGING: &[&str] = &[
    "paging file is too small",
    "页面文件太小",
    "頁面檔太小",
    "分頁檔太小",
    "ページング ファイルが小さすぎ",
    "페이징 파일이 너무 작",
    "Auslagerungsdatei ist zu klein",
    "fichier de pagination est insuffisant",
    "archivo de paginación es demasiado pequeño",
    "arquivo de paginação é muito pequeno",
    "айл подкачки слишком мал",
    "file di paging",
    "low virtual memory condition",
    "虚拟内存不足",
];

/// What Windows' task manager calls the RAM that it lends a card, and the card's own.
pub(super) const SHARED_GPU: &[&str] = &[
    "hared GPU memory",
    "共享 GPU 内存",
    "共享GPU内存",
    "共用 GPU 記憶體",
    "Gemeinsam genutzter GPU-Speicher",
    "Mémoire de GPU partagée",
    "Memoria de GPU compartida",
    "Общая память графического процессора",
    "共有 GPU メモリ",
    "공유 GPU 메모리",
];
pub(super) const OWN_GPU: &[&str] = &[
    "edicated GPU memory",
    "专用 GPU 内存",
    "专用GPU内存",
    "專用 GPU 記憶體",
    "Dedizierter GPU-Speicher",
    "Mémoire de GPU dédiée",
    "Memoria de GPU dedicada",
    "Выделенная память графического процессора",
    "専用 GPU メモリ",
    "전용 GPU 메모리",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_in_one_list_alone() {
        let all: Vec<&str> = [NO_MEMORY, NO_SPACE, WRONG_ACCESS, ENDED, NO_RAM, PAGING, SHARED_GPU, OWN_GPU].concat();
        for (place, words) in all.iter().enumerate() {
            let inside = |other: &&&str| other.contains(words) || words.contains(**other);
            assert_eq!(all[place + 1..].iter().find(inside), None, "{words}");
        }
    }
}
